// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "assay/roofline/step.hpp"

namespace assay::plan {

// What an iteration of one engine costs. Pure functions, so a run gives the same result each time;
// a test hands in its own arithmetic in place of the roofline's.
struct StepCost {
  std::function<roofline::StepTime(const roofline::StepShape&)> time;
  // May be empty: energy is then not added up.
  std::function<roofline::StepEnergy(const roofline::StepShape&, const roofline::StepTime&)> energy;
};

// What many iterations come to.
struct StepTotal {
  roofline::StepTime time;
  roofline::StepEnergy energy;
  double iterations = 0;

  [[nodiscard]] double seconds() const { return time.total().value(); }
  // `times` more iterations that cost this each.
  void add(double times, const roofline::StepTime& step, const roofline::StepEnergy& joules);
};

}  // namespace assay::plan
