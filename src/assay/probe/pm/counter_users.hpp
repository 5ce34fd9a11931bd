// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace assay::probe::pm {

// Other processes that may hold the device's counters, "ncu (pid 4711)": those that have NVIDIA's
// library for counters loaded, as every profiler has while it works, and, of those that we may not
// look into, known profilers by name. None where nothing can be seen, as in another container.
std::vector<std::string> counter_users(const std::string& proc = "/proc");

}  // namespace assay::probe::pm
