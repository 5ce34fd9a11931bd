// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <utility>

#include "assay/causes/finding.hpp"
#include "assay/causes/rules.hpp"

namespace assay::causes {

// What giving back `share` (0..1) of the device's time would be worth at most: the work now done in
// 1 - share of it could run 1 / (1 - share) times as fast. Of less than kLeastLeft nothing is said:
// that is within the error of the counters, and a quotient by it a number of no meaning.
constexpr double kLeastLeft = 0.005;

inline Counterfactual gain_of(const Scene& scene, double share) {
  const double bounded = std::clamp(share, 0.0, 1.0);
  Counterfactual out;
  if (1.0 - bounded >= kLeastLeft) out.speedup_max = 1.0 / (1.0 - bounded);
  if (scene.seen.price) out.saved_max = Ratio::fraction(bounded) * *scene.seen.price;
  return out;
}

// The finding with what giving back its share would be worth.
inline Finding with_gain(const Scene& scene, Finding finding) {
  finding.share = std::clamp(finding.share, 0.0, 1.0);
  finding.counterfactual = gain_of(scene, finding.share);
  return finding;
}

// A straight line from `low` (gives 0) to `high` (gives 1), flat beyond: how clearly a reading has
// crossed a threshold.
inline double ramp(double value, double low, double high) {
  return std::clamp((value - low) / (high - low), 0.0, 1.0);
}

}  // namespace assay::causes
