// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "assay/catalog/chip.hpp"
#include "assay/catalog/figure_reader.hpp"
#include "assay/text/toml_table.hpp"

// The repeated parts of a chip file. Each reports its own problems; nothing comes back of a row
// that lacks what makes it one.
namespace assay::catalog {

MemoryTier read_tier(const text::TomlNode& node, FigureReader& figures, text::Problems& problems);
std::optional<Peak> read_peak(const text::TomlNode& node, FigureReader& figures,
                              text::Problems& problems);
std::optional<Link> read_link(const text::TomlNode& node, FigureReader& figures,
                              text::Problems& problems);
// Sets chip.rental and chip.purchase from [price], where there is one.
void read_price(text::TomlTable& top, FigureReader& figures, text::Problems& problems, Chip& chip);

}  // namespace assay::catalog
