// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "assay/text/toml_table.hpp"

namespace assay::catalog {

// The `id` of a file: lower-case letters, digits and -, at most 60, and the file's own name without
// folder and .toml. Reports what is wrong; empty where it is absent.
std::string read_id(text::TomlTable& top, std::string_view file);

}  // namespace assay::catalog
