// SPDX-License-Identifier: Apache-2.0
#include "assay/ladder/duty.hpp"

#include <cmath>

namespace assay::ladder {
namespace {

using sample::Channel;
using sample::Tick;

double length(const Tick& tick) { return static_cast<double>(tick.end_ns - tick.begin_ns); }

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

std::optional<Duty> duty_of(const sample::Timeline& timeline, Ratio threshold) {
  double time = 0;
  double on = 0;
  double active = 0;
  for (const Tick& tick : timeline.ticks) {
    const double sm = tick.at(Channel::sm_active);
    if (!std::isfinite(sm)) continue;
    time += length(tick);
    if (sm < threshold.value()) continue;
    on += length(tick);
    active += length(tick) * sm;
  }
  if (time <= 0) return std::nullopt;
  const double duty = on / time;
  const double fill = on > 0 ? active / on : 0;
  return Duty{Ratio::fraction(duty), Ratio::fraction(fill), shape_of(duty, fill)};
}

std::optional<Ratio> mean_of(const sample::Timeline& timeline, Channel channel) {
  double time = 0;
  double sum = 0;
  for (const Tick& tick : timeline.ticks) {
    const double share = tick.at(channel);
    if (!std::isfinite(share)) continue;
    time += length(tick);
    sum += length(tick) * share;
  }
  if (time <= 0) return std::nullopt;
  return Ratio::fraction(sum / time);
}

}  // namespace assay::ladder
