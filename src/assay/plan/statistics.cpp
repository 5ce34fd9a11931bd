// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace assay::plan {

std::optional<Spread> spread_of(std::vector<double> seconds) {
  if (seconds.empty()) return {};
  const auto count = static_cast<double>(seconds.size());
  const auto rank = [&](double share) {
    const auto at = static_cast<std::ptrdiff_t>(std::max(0.0, std::ceil(share * count) - 1));
    std::nth_element(seconds.begin(), seconds.begin() + at, seconds.end());
    return Seconds(*(seconds.begin() + at));
  };
  const double sum = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  return Spread{Seconds(sum / count), rank(0.50), rank(0.95), rank(0.99)};
}

Spread shifted(const Spread& spread, Seconds by) {
  return {spread.mean + by, spread.p50 + by, spread.p95 + by, spread.p99 + by};
}

}  // namespace assay::plan
