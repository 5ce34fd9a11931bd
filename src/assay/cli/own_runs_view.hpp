// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "assay/base/result.hpp"
#include "assay/calibrate/own_runs.hpp"

namespace assay::cli {

// How far the curves are off on our own runs of whole steps: a row a board, group and phase.
Result<std::string> own_runs_table(std::span<const calibrate::OwnRun> runs,
                                   const roofline::Fits& fits);
Result<std::string> own_runs_json(std::span<const calibrate::OwnRun> runs,
                                  const roofline::Fits& fits);

}  // namespace assay::cli
