// SPDX-License-Identifier: Apache-2.0
#include "assay/ladder/duty.hpp"

#include <algorithm>

namespace assay::ladder {
namespace {

using sample::Channel;
using sample::TickSums;

// A loss under a tenth is not worth a word.
constexpr double kSmall = 0.10;

Duty::Shape shape_of(double on, double fill) {
  const bool gaps = 1 - on >= kSmall;
  const bool holes = 1 - fill >= kSmall;
  if (gaps && holes) return Duty::Shape::both;
  if (gaps) return Duty::Shape::half_the_time;
  return holes ? Duty::Shape::half_the_sms : Duty::Shape::full;
}

}  // namespace

std::optional<Duty> duty_of(const TickSums& sums) {
  const TickSums::Sum& all = sums.channel(Channel::sm_active);
  const TickSums::Sum& on = sums.on();
  if (all.weight <= 0) return std::nullopt;
  if (on.weight <= 0) return Duty{Ratio::fraction(0), Ratio::fraction(0), shape_of(0, 0)};
  const double mean = on.value / all.weight;
  const double level = (sums.inner().weight > 0 ? sums.inner() : on).mean();
  const double duty = std::min(on.weight / all.weight, mean / level);
  const double fill = mean / duty;
  return Duty{Ratio::fraction(duty), Ratio::fraction(fill), shape_of(duty, fill)};
}

std::optional<Ratio> mean_of(const TickSums& sums, Channel channel) {
  const TickSums::Sum& sum = sums.channel(channel);
  if (sum.weight <= 0) return std::nullopt;
  return Ratio::fraction(sum.mean());
}

}  // namespace assay::ladder
