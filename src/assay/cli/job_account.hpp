// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/cli/device_log.hpp"
#include "assay/cli/run_options.hpp"
#include "assay/cli/run_report.hpp"

namespace assay::cli {

// Fills in what follows from the devices' windows and the trace: which devices the job used, their
// ladders with the useful rung, energy, dollars, and what is missing. `log` has been stopped, and
// is null together with `meter` where there is no device.
void account(const RunOptions& options, const DeviceLog* log, const Meter* meter,
             RunReport& report);

}  // namespace assay::cli
