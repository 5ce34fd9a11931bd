// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/climate.hpp"

#include <algorithm>
#include <cmath>

#include "assay/sim/scenario.hpp"

namespace assay::sim {
namespace {

// Once the clocks are lowered, they are held within this band around the slowdown temperature.
constexpr double kAbove = 2;
constexpr double kBelow = 4;
constexpr double kAim = 1;  // under it, where the estimate of the power is right

}  // namespace

Climate::Climate(const ThermalModel& model, const PowerModel& power, Hertz max_clock,
                 double ambient_c, double idle_watts)
    : model_(model),
      power_(power),
      max_ghz_(max_clock.value() * 1e-9),
      ambient_c_(ambient_c),
      cap_ghz_(max_ghz_),
      temperature_(model.settled(ambient_c, idle_watts)) {}

double Climate::hot() const { return ThermalModel::kSlowdown + (capped() ? kAbove : 0); }
double Climate::cool() const { return ThermalModel::kSlowdown - kBelow; }

double Climate::temperature(std::int64_t ns, double mean_watts) const {
  const double seconds = static_cast<double>(ns - at_ns_) * 1e-9;
  return model_.after(temperature_, ambient_c_, mean_watts, seconds);
}

// The clock at which the power would settle just under the slowdown temperature, if all that does
// not leak followed the clock.
double Climate::clock_for(double watts, double at_ghz) const {
  const double wanted = model_.watts_at(ThermalModel::kSlowdown - kAim, ambient_c_);
  const double switching = std::max(watts - power_.leak_watts(), 1.0);
  const double now = power_.clock_factor(at_ghz);
  const auto steps = static_cast<int>((1 - kLeastClock) * max_ghz_ / kClockStepGhz);
  for (int step = 0; step <= steps; ++step) {
    const double ghz = max_ghz_ - step * kClockStepGhz;
    if (power_.leak_watts() + switching * power_.clock_factor(ghz) / now <= wanted) return ghz;
  }
  return kLeastClock * max_ghz_;
}

bool Climate::checkpoint(std::int64_t ns, double watts, double mean_ghz) {
  temperature_ = temperature(ns, watts);
  at_ns_ = ns;
  const double before = cap_ghz_;
  constexpr double kRounding = 1e-6;  // a checkpoint falls on the crossing itself
  if (temperature_ >= hot() - kRounding) {
    const double lower =
        std::min(clock_for(watts, mean_ghz), std::min(mean_ghz, before) - kClockStepGhz);
    cap_ghz_ = std::max(lower, kLeastClock * max_ghz_);
  } else if (capped() && temperature_ <= cool() + kRounding) {
    // Where this cap's own clock would not have cooled it, something else lowers the power.
    const double higher = clock_for(watts, mean_ghz);
    cap_ghz_ = higher > before + kClockStepGhz ? std::min(higher, max_ghz_) : max_ghz_;
  }
  return cap_ghz_ != before;
}

std::int64_t Climate::due(double watts) const {
  constexpr double kFarthest = 1e9;  // seconds; beyond, the scenario is over
  double seconds = model_.until(temperature_, hot(), ambient_c_, watts);
  if (seconds < 0 && capped()) seconds = model_.until(temperature_, cool(), ambient_c_, watts);
  if (seconds < 0 || seconds > kFarthest) return kNever;
  return at_ns_ + std::max<std::int64_t>(1'000'000, std::llround(std::ceil(seconds * 1e9)));
}

}  // namespace assay::sim
