// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "assay/model/layer_shape.hpp"
#include "assay/model/model.hpp"

namespace assay::model {

// Sets the part flags of a Quantization from the list of modules that its config leaves out
// (modules_to_not_convert, ignore, exclude_modules, ...): exact names, globs and "re:" patterns,
// read by the module names in them. A part that only some layers leave out counts as most of them
// have it, and a note says so; norms, routers, vision and draft parts are passed over: they are
// never counted as quantized.
void apply_exclusions(std::span<const std::string> excluded, std::span<const LayerShape> layers,
                      Quantization& quantization, std::vector<std::string>& notes);

}  // namespace assay::model
