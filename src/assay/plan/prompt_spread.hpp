// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/plan/lengths.hpp"
#include "assay/plan/statistics.hpp"

namespace assay::plan {

// The time to a first token that is spread for other reasons already, where prompts differ in
// length and each token of one takes `slope` seconds: both spreads add in squares. The mean stays.
Spread with_prompts(const Spread& spread, double slope, const Lengths& prompt);

}  // namespace assay::plan
