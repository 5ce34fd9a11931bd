// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/cli/compare_view.hpp"

namespace assay::cli {

// A paragraph for each chip but the first: what its figures mean for prefill, decode, capacity,
// links, power and money, beside the first's.
std::string meaning_text(const Style& style, const ChipComparison& comparison);

// The models: which fit and how much KV cache stays, or of the one asked for what is possible.
std::string models_text(const Style& style, const ChipComparison& comparison);

}  // namespace assay::cli
