// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/units/units.hpp"

namespace assay::probe::nvml {

// What this process costs its host. Zero where the system does not say (it always does on Linux).
Seconds process_cpu();    // user and system time since the process began
Bytes process_rss();      // resident now
std::string host_name();  // "localhost" if the system has none

}  // namespace assay::probe::nvml
