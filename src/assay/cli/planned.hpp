// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/base/result.hpp"
#include "assay/cli/model_fit.hpp"
#include "assay/cli/plan_inputs.hpp"
#include "assay/model/model.hpp"

namespace assay::cli {

// The load under which chips are compared: requests under way at once, and their lengths.
struct ComparedLoad {
  double concurrency = 32;
  double prompt = 1024;
  double answer = 256;
};

// What the planner expects of the model on the fewest chips of this kind (1, 2, 4 or 8 side by side
// by tensor parallelism, under vLLM) that hold it and this load. Fails where eight do not, or where
// the planner can't reckon with the chip.
Result<Planned> planned_on(const PlanCatalog& catalog, const model::Model& model,
                           const std::string& chip, const ComparedLoad& load);

}  // namespace assay::cli
