// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/speed_of_light.hpp"

namespace assay::roofline {
namespace {

// Every peak reached, nothing lost: what no engine can beat.
ChipRoof at_the_speed_of_light(ChipRoof roof) {
  ChipCurves& curves = roof.curves;
  curves.bandwidth_fraction = curves.attention_bandwidth_fraction = 1;
  curves.expert_bandwidth_fraction = curves.expert_compute_fraction = 1;
  curves.compute_fraction_16 = curves.compute_fraction_8 = curves.compute_fraction_4 = 1;
  curves.attention_compute_fraction = curves.link_fraction = 1;
  curves.tile_rows = curves.expert_tile_rows = curves.expert_imbalance = 0;
  curves.kernel_floor_us = curves.elementwise_passes = 0;
  curves.link_floor_us = curves.link_ramp_us = 0;
  return roof;
}

EngineProfile without_overheads(EngineProfile engine) {
  for (const EngineConstant& constant : engine_constants()) {
    const bool is_factor = constant.name.ends_with("_factor");
    engine.overheads.*(constant.member) = is_factor ? 1 : 0;
  }
  // Units of int8 at their own peak, where packed weights may go there at all.
  constexpr double kNoLimit = 1e9;
  if (engine.packed.ops_per_clock > 0) engine.packed.ops_per_clock = kNoLimit;
  return engine;
}

}  // namespace

Result<StepModel> speed_of_light(const model::Model& model, const ChipRoof& roof, Parallel parallel,
                                 const EngineProfile& engine) {
  return StepModel::make(model, at_the_speed_of_light(roof), parallel, without_overheads(engine));
}

}  // namespace assay::roofline
