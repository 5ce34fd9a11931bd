// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "assay/model/model.hpp"
#include "assay/roofline/chip_roof.hpp"
#include "assay/roofline/parallel.hpp"

namespace assay::plan {

// The ways worth trying to spread one replica over chips, fewest chips first: tensor within the
// scale-up domain and up to 16, pipeline where the domain is used up or there is no scale-up link
// (8 stages, or as many as it takes to hold the weights, up to one a layer), copies of attention
// and groups of experts where the model routes to experts.
std::vector<roofline::Parallel> parallelisms(const model::Model& model,
                                             const roofline::ChipRoof& roof);

}  // namespace assay::plan
