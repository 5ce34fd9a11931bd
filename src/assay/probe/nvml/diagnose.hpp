// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/probe/nvml/nvml.hpp"

namespace assay::probe::nvml {

enum class Verdict : std::uint8_t { ok, warn, fail };

// One thing that was looked at on this host.
struct Finding {
  std::string what;  // "nvml library", "gpm on device 0", ...
  Verdict verdict = Verdict::ok;
  std::string text;    // one sentence: what was found
  std::string remedy;  // the command or step that mends it; empty where nothing is to be mended
};

// The library as it was found, or why there is none.
struct LoadedNvml {
  Nvml* nvml = nullptr;  // null: not loaded
  std::string path;
  std::string error;  // of the loading
};

// What works here and what does not, for `assay doctor`: library, driver, devices, GPM, device
// nodes, the profiling restriction, persistence. Changes nothing. `root` stands before /proc and
// /dev (for tests). Without a driver it takes a few milliseconds; with one, NVML's own start.
std::vector<Finding> diagnose(const LoadedNvml& loaded, const std::string& root = "");

// The same for this host's own library.
std::vector<Finding> diagnose_here();

}  // namespace assay::probe::nvml
