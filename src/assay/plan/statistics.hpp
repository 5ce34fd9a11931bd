// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "assay/units/units.hpp"

namespace assay::plan {

// How a latency is spread over requests.
struct Spread {
  Seconds mean{};
  Seconds p50{};
  Seconds p95{};
  Seconds p99{};
};

// Of a sample, in any order; nothing of an empty one. Percentiles are the nearest rank's.
std::optional<Spread> spread_of(std::vector<double> seconds);

// Each figure later by so much.
Spread shifted(const Spread& spread, Seconds by);

}  // namespace assay::plan
