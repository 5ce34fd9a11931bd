// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/catalog/catalog.hpp"
#include "assay/sim/process_reader.hpp"
#include "assay/sim/scenario.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::sim {

// Appends the devices of one [[device]] table to the scenario. A table with problems appends none.
void read_device(const text::TomlNode& node, const catalog::Catalog& catalog, KernelShelf& shelf,
                 text::Problems& problems, Scenario& out);

// Reports two devices of one UUID.
void check_uuids(const Scenario& scenario, int line, text::Problems& problems);

}  // namespace assay::sim
