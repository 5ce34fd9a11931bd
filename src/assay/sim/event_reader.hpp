// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "assay/sim/scenario.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::sim {

// The [[device.event]] tables, by time. Reports a sequence that can't be: back without being lost,
// anything but that while lost.
std::vector<EventSpec> read_events(text::TomlTable& device, text::Problems& problems);

}  // namespace assay::sim
