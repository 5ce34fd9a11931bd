// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/roofline/step_model.hpp"

namespace assay::roofline {

// What no engine can beat: the same model, chips and cut with every peak of the datasheet reached
// and nothing lost. Errors: those of StepModel::make.
Result<StepModel> speed_of_light(const model::Model& model, const ChipRoof& roof, Parallel parallel,
                                 const EngineProfile& engine);

}  // namespace assay::roofline
