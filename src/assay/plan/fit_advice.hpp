// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "assay/plan/deployment.hpp"

namespace assay::plan {

// The fewest chips of this kind that hold the model and one request of the workload; nothing where
// no layout that is worth trying does.
std::optional<roofline::Parallel> least_that_fits(const model::Model& model,
                                                  const roofline::ChipRoof& roof,
                                                  const roofline::EngineProfile& engine,
                                                  const Workload& workload);

// Bytes a chip that are missing for the weights and one request; 0 where it fits.
Bytes missing_per_chip(const Deployment& replica, const Workload& workload);

}  // namespace assay::plan
