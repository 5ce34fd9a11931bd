// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "assay/catalog/toml_table.hpp"
#include "assay/sim/scenario.hpp"

namespace assay::sim {

// The [[device.event]] tables, by time. Reports a sequence that can't be: back without being lost,
// anything but that while lost.
std::vector<EventSpec> read_events(catalog::TomlTable& device, catalog::Problems& problems);

}  // namespace assay::sim
