// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/causes/finding.hpp"

namespace assay::format {

// "2.5x, $0.55/h", ": mending it gains at most ..."'s figures; empty where nothing bounds the gain
// or it is not worth telling.
std::string gain_words(const causes::Counterfactual& gain);

// A finding as one line: its title, how sure, what mending it gains, and what it can't be told
// from.
std::string finding_line(const causes::Finding& finding);

}  // namespace assay::format
