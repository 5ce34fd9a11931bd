// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/plan/deployment.hpp"
#include "assay/plan/what_if.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {

// Pieces that `assay plan` and `assay plan point` write alike (docs/json.md). prediction_json gives
// the fields of a prediction to be put at the top level; null where there is none.
wire::Json prediction_json(const std::optional<plan::Prediction>& prediction);
wire::Json what_if_json(const plan::WhatIfs& changes);
wire::Json parallel_json(const roofline::Parallel& parallel, int replicas);

}  // namespace assay::cli
