// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "assay/catalog/chip.hpp"
#include "assay/catalog/figure_reader.hpp"
#include "assay/catalog/toml_table.hpp"

// The repeated parts of a chip file. Each reports its own problems; nothing comes back of a row
// that lacks what makes it one.
namespace assay::catalog {

MemoryTier read_tier(const TomlNode& node, FigureReader& figures, Problems& problems);
std::optional<Peak> read_peak(const TomlNode& node, FigureReader& figures, Problems& problems);
std::optional<Link> read_link(const TomlNode& node, FigureReader& figures, Problems& problems);
// Sets chip.rental and chip.purchase from [price], where there is one.
void read_price(TomlTable& top, FigureReader& figures, Problems& problems, Chip& chip);

}  // namespace assay::catalog
