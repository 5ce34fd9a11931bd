// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/model/library.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::model {

// A model file's tree (data/models/README.md). What is wrong with it goes to the problems; the
// entry is then of no use.
Entry read_model_file(const text::TomlNode& tree, std::string_view file, text::Problems& problems);

}  // namespace assay::model
