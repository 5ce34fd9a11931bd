// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "assay/sim/power.hpp"
#include "assay/units/units.hpp"

namespace assay::sim {

// The core's temperature over time and the clock that keeps it bearable. Fed at moments that follow
// from the scenario alone (checkpoints), so that it does not depend on who asks when.
class Climate {
 public:
  Climate(const ThermalModel& model, const PowerModel& power, Hertz max_clock, double ambient_c,
          double idle_watts);

  // The mean power since the last checkpoint was this, the mean clock that. Returns true where the
  // thermal clock cap has changed.
  bool checkpoint(std::int64_t ns, double watts, double mean_ghz);
  // Takes effect from the last checkpoint on.
  void set_ambient(double celsius) { ambient_c_ = celsius; }

  [[nodiscard]] double temperature(std::int64_t ns, double mean_watts) const;
  // When a checkpoint is due if the power stays this; kNever's value where never.
  [[nodiscard]] std::int64_t due(double watts) const;
  [[nodiscard]] std::int64_t last_checkpoint() const { return at_ns_; }
  // In GHz; the board's highest clock where heat sets none.
  [[nodiscard]] double clock_cap() const { return cap_ghz_; }
  [[nodiscard]] bool capped() const { return cap_ghz_ < max_ghz_; }

 private:
  [[nodiscard]] double hot() const;
  [[nodiscard]] double cool() const;
  [[nodiscard]] double clock_for(double watts, double at_ghz) const;

  ThermalModel model_;
  PowerModel power_;
  double max_ghz_;
  double ambient_c_;
  double cap_ghz_;
  double temperature_;
  std::int64_t at_ns_ = 0;
};

}  // namespace assay::sim
