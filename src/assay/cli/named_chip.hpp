// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/base/result.hpp"
#include "assay/catalog/catalog.hpp"

namespace assay::cli {

// The chip of this id or alias; invalid_argument with the nearest names where there is none. Lives
// as long as the catalog.
Result<const catalog::Chip*> named_chip(const catalog::Catalog& catalog, std::string_view name);

}  // namespace assay::cli
