// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "assay/catalog/catalog.hpp"
#include "assay/cli/style.hpp"

namespace assay::cli {

// `assay catalog`: tables for people, one JSON document for programs (docs/json.md). What a file
// does not say is "-" in the tables and null in the JSON.
std::string catalog_table(const Style& style, const catalog::Catalog& catalog);
std::string chip_view(const Style& style, const catalog::Chip& chip);

std::string catalog_json(const catalog::Catalog& catalog);
std::string chip_json(const catalog::Chip& chip);
std::string check_json(std::size_t files, std::span<const Error> problems, std::size_t recalled);

}  // namespace assay::cli
