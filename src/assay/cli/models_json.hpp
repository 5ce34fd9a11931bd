// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/model/library.hpp"

namespace assay::cli {

// "assay.models/1" of docs/json.md, one line.
std::string models_json(const model::Library& library);

}  // namespace assay::cli
