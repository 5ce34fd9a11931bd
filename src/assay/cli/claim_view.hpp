// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "assay/catalog/claims.hpp"
#include "assay/cli/footnotes.hpp"
#include "assay/cli/style.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {

// Claims with verdict and evidence, sources marked in `notes`.
std::string claims_text(const Style& style, std::span<const catalog::Claim* const> claims,
                        Footnotes& notes);
// "+45.2 %" of a ratio near 1, "2.13x" of one that is not, else value and unit: "1400 W".
std::string stated_text(const catalog::Stated& stated);

// The array that stands under "claims" in docs/json.md.
wire::Json claims_json(std::span<const catalog::Claim* const> claims);

}  // namespace assay::cli
