// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "assay/sample/tick_sums.hpp"
#include "assay/units/units.hpp"

namespace assay::ladder {

// "SM active 50 %" as a mean over 100 ms can be half the SMs all the time or all SMs half the time.
// Ticks shorter than the kernels tell: their product is the mean, exactly.
struct Duty {
  Ratio on;    // share of time with any SM active
  Ratio fill;  // SM active while on
  // The mean of both in one word: where most of the loss lies.
  enum class Shape { full, half_the_sms, half_the_time, both } shape = Shape::full;
};

// Nothing where SM active was not measured or no tick arrived. A tick counts as on from 0.1 % on;
// ticks are weighted by their length. A tick in which the work begins or ends is on for a part
// of it: where there are ticks between on ones, their level is `fill`, and `on` is what it leaves
// of the mean, so that edges lengthen neither.
std::optional<Duty> duty_of(const sample::TickSums& sums);

// Mean of a channel over all ticks, weighted by length; nothing where it was not measured.
std::optional<Ratio> mean_of(const sample::TickSums& sums, sample::Channel channel);

}  // namespace assay::ladder
