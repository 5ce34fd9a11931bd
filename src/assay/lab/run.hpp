// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "assay/units/units.hpp"

namespace assay::lab {

// One kernel, run once. Work is what the kernel itself counted, not what it was meant to do;
// elapsed is the device's time, warm-up and set-up excluded, so work / elapsed is the steady rate.
struct Run {
  std::string id;
  std::optional<std::int64_t> grid;  // nullopt: a library chose it, or no kernel ran
  std::optional<std::int64_t> block;
  Seconds elapsed{0};
  // When that time ended, on the host's monotonic clock (seconds since steady_clock's epoch): what
  // a meter read between ended - elapsed and ended belongs to this run and to nothing else.
  Seconds ended{0};
  Flops flops{0};                   // 0: the kernel does none, by construction
  std::optional<Bytes> dram_bytes;  // read + written; nullopt: the caches decide
  Bytes pcie_bytes{0};
  std::int64_t launches = 0;      // kernels or copies within elapsed
  std::string via;                // "assay", "cublas 13.0.2", "mma.sync" or "copy engine"
  std::optional<Hertz> sm_clock;  // mean over the run, from the SM's own cycle counter
};

}  // namespace assay::lab
