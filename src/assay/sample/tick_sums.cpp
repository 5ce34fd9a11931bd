// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/tick_sums.hpp"

#include <cmath>
#include <utility>

namespace assay::sample {
namespace {

constexpr double kOnFrom = 0.001;

}  // namespace

void TickSums::add(const Tick& tick) {
  const auto length = static_cast<double>(tick.end_ns - tick.begin_ns);
  ++count_;
  time_ns_ += length;
  for (std::size_t i = 0; i < kChannelCount; ++i)
    if (std::isfinite(tick.share[i])) channels_[i].add(tick.share[i], length);
  const double active = tick.at(Channel::sm_active);
  add_duty(active, length);
  add_while_active(tick, active, length);
}

void TickSums::add_duty(double active, double length) {
  const bool on = active >= kOnFrom;  // not where it is unknown
  const Sum before = std::exchange(maybe_inner_, {});
  if (on) {
    on_.add(active, length);
    if (before.weight > 0) inner_.add(before.mean(), before.weight);
    if (was_on_) maybe_inner_.add(active, length);
  }
  was_on_ = on;
}

void TickSums::add_while_active(const Tick& tick, double active, double length) {
  if (!std::isfinite(active) || active <= 0) return;
  const double slots = tick.at(Channel::issue);
  if (!std::isfinite(slots)) return;
  issue_.add(slots / active, active * length);
  // Lanes are a mean over instructions: a tick with twice as many counts twice.
  const double lanes = tick.at(Channel::lanes);
  if (slots > 0 && std::isfinite(lanes)) lanes_.add(lanes, slots * length);
}

}  // namespace assay::sample
