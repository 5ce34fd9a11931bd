// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "assay/plan/search.hpp"

namespace assay::plan {

// Which limits no candidate keeps, and what is best for each: over those refused candidates that
// keep the other limits, or, where none does, over all that were held to it. In the order of
// Unreachable::What; empty where nothing was refused for a limit.
std::vector<Unreachable> unreachable(const Limit& limit, std::span<const Refusal> refusals);

}  // namespace assay::plan
