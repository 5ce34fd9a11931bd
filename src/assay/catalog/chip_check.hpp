// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "assay/catalog/chip.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::catalog {

// Reports what a chip of its kind can't do without and lacks.
void check_complete(const Chip& chip, const text::TomlNode& root, text::Problems& problems);

// Reports each peak that is off by 2 % or more from units x operations a clock x clock, where the
// file states all three. rows: the tables that chip.peaks were read from, for their lines.
void check_arithmetic(const Chip& chip, std::span<const text::TomlNode* const> rows,
                      text::Problems& problems);

}  // namespace assay::catalog
