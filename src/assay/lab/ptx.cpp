// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/ptx.hpp"

#include <algorithm>

#include "assay/base/check.hpp"
#include "assay_lab_embedded.hpp"

namespace assay::lab {

KernelEntry kernel_entry(Function function) {
  switch (function) {
    case Function::spin: return {"spin.ptx", "assay_spin"};
    case Function::fma32: return {"fma.ptx", "assay_fma32"};
    case Function::fma64: return {"fma.ptx", "assay_fma64"};
    case Function::divergent: return {"fma.ptx", "assay_divergent"};
    case Function::mma: return {"mma.ptx", "assay_mma"};
    case Function::dram_read: return {"memory.ptx", "assay_dram_read"};
    case Function::dram_copy: return {"memory.ptx", "assay_dram_copy"};
    case Function::tiny: return {"memory.ptx", "assay_tiny"};
    case Function::fill: return {"memory.ptx", "assay_fill"};
  }
  CHECK(false);
  return {};
}

std::string_view ptx_text(std::string_view file) {
  const auto files = embedded_files();
  const auto found = std::ranges::find(files, file, &EmbeddedFile::path);
  return found != files.end() ? found->bytes : std::string_view();
}

}  // namespace assay::lab
