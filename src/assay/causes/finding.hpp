// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/causes/cause.hpp"
#include "assay/units/units.hpp"

namespace assay::causes {

// One reading that speaks for a cause, and what it would be without it.
struct Evidence {
  std::string_view metric;  // a metric's id, or a quantity of the kernel table ("trace.idle")
  double value = 0;         // in the metric's own unit; ratios 0..1
  std::string expected;     // for people: "> 90 %"
};

// At most what mending the cause would gain; both absent where nothing bounds it.
struct Counterfactual {
  std::optional<double> speedup_max;  // of the work now running, 1 or more
  std::optional<DollarsPerHour> saved_max;
};

struct Finding {
  Cause cause = Cause::healthy;
  double confidence = 0;  // 0..1: how often a finding with such evidence is right
  double share = 0;       // 0..1 of the device's capacity that it accounts for
  std::vector<Evidence> evidence;
  std::string kernel;  // to blame, as the driver names it; "" where no trace says
  Counterfactual counterfactual;
  // What these readings can't tell it from, and the route that could ("trace", "microscope").
  std::vector<Cause> or_else;
  std::string_view told_apart_by;  // empty where or_else is
  std::size_t done_already = 0;    // of the cause's remedies, from the first: what the job does
};

// What is left to try, the best first; never empty.
std::span<const std::string_view> remedies_of(const Finding& finding);

}  // namespace assay::causes
