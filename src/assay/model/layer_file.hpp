// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/model/model.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::model {

// One [[layers]] of a model file.
LayerGroup read_layers(const text::TomlNode& node, text::Problems& problems);

}  // namespace assay::model
