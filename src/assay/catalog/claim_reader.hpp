// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/catalog/claim.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::catalog {

// A claim from its file's tree, by the schema of data/README.md. Reports all that is wrong with
// this file by itself; a claim with problems must not be used.
Claim read_claim(const text::TomlNode& root, std::string_view file, text::Problems& problems);

}  // namespace assay::catalog
