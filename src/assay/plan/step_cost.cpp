// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/step_cost.hpp"

namespace assay::plan {

void StepTotal::add(double times, const roofline::StepTime& step,
                    const roofline::StepEnergy& joules) {
  time.weights += times * step.weights;
  time.kv += times * step.kv;
  time.compute += times * step.compute;
  time.collective += times * step.collective;
  time.overhead += times * step.overhead;
  energy.moving_data += times * joules.moving_data;
  energy.arithmetic += times * joules.arithmetic;
  energy.standing += times * joules.standing;
  iterations += times;
}

}  // namespace assay::plan
