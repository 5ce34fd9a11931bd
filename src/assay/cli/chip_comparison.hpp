// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/catalog/claims.hpp"
#include "assay/cli/compare_view.hpp"
#include "assay/cli/options.hpp"

namespace assay::cli {

// What is to be laid side by side, by `assay compare` or by the daemon's page.
struct CompareRequest {
  CommonOptions common;
  std::vector<std::string> chips;  // ids or aliases, at least one
  std::string model;               // what they make of it; empty: some well-known ones
};

// The catalog and the claims with the user's own on top.
struct CompareData {
  catalog::Catalog catalog;
  catalog::Claims claims;

  static Result<CompareData> load(const CommonOptions& options);
  [[nodiscard]] std::vector<const catalog::Claim*> all_claims() const;
};

// Points into `data`, which must outlive it. invalid_argument or not_found where a chip or the
// model is not known.
Result<ChipComparison> compare_chips(const CompareRequest& request, const CompareData& data);

}  // namespace assay::cli
