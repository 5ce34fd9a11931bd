// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "assay/plan/search.hpp"

namespace assay::plan {

// Puts answers in order of dollars a token (of those without a price, joules a token, after all
// that have one) and marks those that nobody beats in both cost and mean time of a request; the
// others learn who beats them.
void rank(std::vector<Answer>& answers);

}  // namespace assay::plan
