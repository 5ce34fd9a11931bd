// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/prompt_spread.hpp"

#include <algorithm>
#include <cmath>

namespace assay::plan {

Spread with_prompts(const Spread& spread, double slope, const Lengths& prompt) {
  if (prompt.spread() == 0) return spread;
  const auto beyond = [&](double q) { return slope * (prompt.quantile(q) - prompt.mean()); };
  const auto tail = [&](Seconds at, double q) {
    return spread.mean + Seconds(std::hypot((at - spread.mean).value(), beyond(q)));
  };
  return {spread.mean, std::max(0.2 * spread.p50, spread.p50 + Seconds(beyond(0.5))),
          tail(spread.p95, 0.95), tail(spread.p99, 0.99)};
}

}  // namespace assay::plan
