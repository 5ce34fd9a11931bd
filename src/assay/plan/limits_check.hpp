// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "assay/plan/search.hpp"

namespace assay::plan {

// The first limit of latency that a prediction breaks; its reach is left to the caller.
std::optional<TooSlow> too_slow(const Prediction& prediction, const Limit& limit);

// What a prediction reaches, held against the limits that are not of latency.
Reach reach_of(const Prediction& prediction, int chips, const Limit& limit);

// Next to no load: as fast as it gets. Needs room() >= 1.
Prediction at_lightest(const Deployment& replica, const Workload& workload);

}  // namespace assay::plan
