// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/base/result.hpp"
#include "assay/cli/run_options.hpp"
#include "assay/cli/run_report.hpp"

namespace assay::cli {

// Runs the command while devices are sampled and its kernels traced, and reports. Whatever of that
// can't be had is named in the report; the command runs all the same. Errors: an option is wrong or
// an output file can't be made; nothing has run then.
Result<RunReport> run_job(const RunOptions& options);

}  // namespace assay::cli
