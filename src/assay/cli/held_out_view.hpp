// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/base/result.hpp"
#include "assay/calibrate/fit.hpp"

namespace assay::cli {

// How far the planner is off on tables that no fit has seen, in a folder that holds
// vidur_mlp_{a40,a100,h100}_llama2_70b.csv, splitwise_perf_model.csv and gemm.csv (its watts
// alone).
Result<std::string> held_out_table(const std::string& folder, const calibrate::Known& known,
                                   const roofline::Fits& fits);
Result<std::string> held_out_json(const std::string& folder, const calibrate::Known& known,
                                  const roofline::Fits& fits);

}  // namespace assay::cli
