// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "assay/catalog/claims.hpp"
#include "assay/catalog/comparison.hpp"
#include "assay/cli/model_fit.hpp"
#include "assay/cli/style.hpp"

namespace assay::cli {

// What `assay compare` shows. Points into chips and claims, which must outlive it.
struct ChipComparison {
  std::vector<const catalog::Chip*> chips;  // at least one; ratios are to the first
  std::vector<catalog::Row> rows;           // catalog::compare(chips)
  std::vector<const catalog::Claim*> claims;
  std::vector<ModelRow> models;  // what fits; with --model that one, with its bounds
  bool one_model = false;        // models holds the one that was asked for
};

std::string compare_text(const Style& style, const ChipComparison& comparison);
std::string compare_json(const ChipComparison& comparison);

// `assay compare --claims`.
std::string claims_page(const Style& style, std::span<const catalog::Claim* const> claims);
std::string claims_page_json(std::span<const catalog::Claim* const> claims);

// "2.25 PFLOP/s" as narrow as it goes: "2.25 PF".
std::string row_value(catalog::RowUnit unit, double value);
// "1.50x", "level", "1/333", "20kx": five columns at most.
std::string ratio_text(double ratio);

}  // namespace assay::cli
