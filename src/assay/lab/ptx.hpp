// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/lab/cuda.hpp"

namespace assay::lab {

// Where a kernel lives: the PTX file and the name of its entry.
struct KernelEntry {
  std::string_view file;    // "spin.ptx"
  std::string_view symbol;  // "assay_spin", NUL terminated
};
KernelEntry kernel_entry(Function function);

// The embedded PTX of a file, NUL terminated behind its end; empty if there is no such file.
std::string_view ptx_text(std::string_view file);

}  // namespace assay::lab
