// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "assay/catalog/chip.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::catalog {

// A chip from its file's tree, by the schema of data/README.md. Reports all that is wrong with
// this file by itself; a chip with problems must not be used.
Chip read_chip(const text::TomlNode& root, std::string_view file, text::Problems& problems);

}  // namespace assay::catalog
