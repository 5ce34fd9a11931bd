// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/catalog/chip.hpp"
#include "assay/catalog/sm_limits.hpp"
#include "assay/sim/pipe.hpp"
#include "assay/units/units.hpp"

namespace assay::sim {

// Clocks come in steps of 15 MHz, down to 210 of 1980 MHz on an H100 (taken to be the same share
// elsewhere).
inline constexpr double kClockStepGhz = 0.015;
inline constexpr double kLeastClock = 210.0 / 1980.0;

// What a device does at one moment, as far as it costs power. Shares are of the whole device.
struct Activity {
  bool context = false;       // a process has one: clocks are up even when nothing runs
  bool launching = false;     // the front end works on a launch or a context switch
  double sm_active = 0;       // 0..1
  PipeArray pipe{};           // 0..1, weighted by lanes: see lane_weight()
  double dram = 0;            // 0..1 of peak bandwidth
  double pcie_bytes_s = 0;    // both ways together
  double nvlink_bytes_s = 0;  // both ways together
};

// Board power as a sum of a few physical terms:
//
//   P(f) = leak + g(f) * (clock tree + SMs + pipes + front end) + DRAM + links
//   g(f) = f/f0 * (V(f)/V0)^2,  V falling in a straight line to 0.7 V0 at 0.174 f0
//
// The figures of each term, fitted by hand on the readings of `assay lab` on an H100 80GB HBM3 of
// 700 W, 2026-11-22, are in power.cpp, with what the model gives for each kernel of the lab in
// lab_scenario_test.cpp. For other chips the terms scale with the power limit that the catalog
// names (an assumption), the per-byte energy of links does not.
class PowerModel {
 public:
  explicit PowerModel(const catalog::Chip& chip, Hertz max_clock);

  [[nodiscard]] double watts(const Activity& activity, double clock_ghz) const;
  // Power that does not follow the clock, and the factor of the rest: for estimates.
  [[nodiscard]] double leak_watts() const { return leak_; }
  [[nodiscard]] double clock_factor(double clock_ghz) const;

  // What a warp instruction costs with so many of its 32 lanes active, of one with all.
  static constexpr double lane_weight(double lanes) {
    return 1 - kLaneShare * (1 - lanes / catalog::kWarpSize);
  }

 private:
  // Of a vector instruction's energy, what its lanes cost: with the divergent kernel of the lab.
  static constexpr double kLaneShare = 0.186;

  double scale_ = 1;
  double max_ghz_ = 1;
  double leak_ = 0;
  double clock_tree_ = 0;
};

// The core's temperature: one resistance to the coolant and one time constant.
class ThermalModel {
 public:
  explicit ThermalModel(Watts rated) : rise_per_watt_(kRiseAtRatedPower / rated.value()) {}

  [[nodiscard]] double settled(double ambient_c, double watts) const {
    return ambient_c + rise_per_watt_ * watts;
  }
  // After `seconds` at this power, from this temperature.
  [[nodiscard]] double after(double from_c, double ambient_c, double watts, double seconds) const;
  // Seconds until `to_c` is passed; negative: never.
  [[nodiscard]] double until(double from_c, double to_c, double ambient_c, double watts) const;
  [[nodiscard]] double watts_at(double settled_c, double ambient_c) const {
    return (settled_c - ambient_c) / rise_per_watt_;
  }

  // Assumptions, typical of air-cooled SXM boards: 40 degrees over the coolant at rated power, and
  // clocks lowered from 87 degrees on. HBM runs a little hotter than the core.
  static constexpr double kRiseAtRatedPower = 40;
  static constexpr double kTimeConstant = 20;
  static constexpr double kSlowdown = 87;
  static constexpr double kMemoryOver = 4;

 private:
  double rise_per_watt_;
};

}  // namespace assay::sim
