// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/catalog/catalog.hpp"
#include "assay/catalog/toml_table.hpp"
#include "assay/sim/process_reader.hpp"
#include "assay/sim/scenario.hpp"

namespace assay::sim {

// Appends the devices of one [[device]] table to the scenario. A table with problems appends none.
void read_device(const catalog::TomlNode& node, const catalog::Catalog& catalog, KernelShelf& shelf,
                 catalog::Problems& problems, Scenario& out);

// Reports two devices of one UUID.
void check_uuids(const Scenario& scenario, int line, catalog::Problems& problems);

}  // namespace assay::sim
