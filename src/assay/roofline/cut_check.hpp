// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/base/result.hpp"
#include "assay/model/model.hpp"
#include "assay/roofline/chip_roof.hpp"
#include "assay/roofline/parallel.hpp"

namespace assay::roofline {

// Whether a model can be cut so over such chips. Errors: invalid_argument, as operators() says.
Status check_cut(const model::Model& model, const ChipRoof& roof, Parallel parallel);

}  // namespace assay::roofline
