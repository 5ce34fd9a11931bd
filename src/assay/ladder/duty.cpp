// SPDX-License-Identifier: Apache-2.0
#include "assay/ladder/duty.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace assay::ladder {
namespace {

using sample::Channel;
using sample::Tick;

double length(const Tick& tick) { return static_cast<double>(tick.end_ns - tick.begin_ns); }

// A loss under a tenth is not worth a word.
constexpr double kSmall = 0.10;

// Time, and SM active over it.
struct Sum {
  double time = 0;
  double active = 0;
  void add(const Tick& tick) {
    time += length(tick);
    active += length(tick) * tick.at(Channel::sm_active);
  }
  [[nodiscard]] double mean() const { return active / time; }
};

bool is_on(const Tick& tick, Ratio threshold) {
  return tick.at(Channel::sm_active) >= threshold.value();
}

// On, as are both its neighbours: no edge lies in it, so it holds the level that the SMs reach.
bool is_inner(const sample::Timeline& timeline, std::size_t i, Ratio threshold) {
  return i > 0 && i + 1 < timeline.ticks.size() && is_on(timeline.ticks[i - 1], threshold) &&
         is_on(timeline.ticks[i + 1], threshold);
}

Duty::Shape shape_of(double on, double fill) {
  const bool gaps = 1 - on >= kSmall;
  const bool holes = 1 - fill >= kSmall;
  if (gaps && holes) return Duty::Shape::both;
  if (gaps) return Duty::Shape::half_the_time;
  return holes ? Duty::Shape::half_the_sms : Duty::Shape::full;
}

}  // namespace

std::optional<Duty> duty_of(const sample::Timeline& timeline, Ratio threshold) {
  Sum all;
  Sum on;
  Sum inner;
  for (std::size_t i = 0; i < timeline.ticks.size(); ++i) {
    const Tick& tick = timeline.ticks[i];
    if (!std::isfinite(tick.at(Channel::sm_active))) continue;
    all.add(tick);
    if (!is_on(tick, threshold)) continue;
    on.add(tick);
    if (is_inner(timeline, i, threshold)) inner.add(tick);
  }
  if (all.time <= 0) return std::nullopt;
  if (on.time <= 0) return Duty{Ratio::fraction(0), Ratio::fraction(0), shape_of(0, 0)};
  const double mean = on.active / all.time;
  const double level = (inner.time > 0 ? inner : on).mean();
  const double duty = std::min(on.time / all.time, mean / level);
  const double fill = mean / duty;
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
