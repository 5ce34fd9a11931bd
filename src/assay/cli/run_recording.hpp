// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "assay/base/result.hpp"
#include "assay/cli/meter.hpp"
#include "assay/cli/run_options.hpp"
#include "assay/cli/run_report.hpp"
#include "assay/store/recorder.hpp"

namespace assay::cli {

// A new recording for a run, in the place of a file that exists; `meter` is null where there is no
// device.
Result<std::unique_ptr<store::Recorder>> create_recording(const RunOptions& options, Meter* meter);

// Writes what the trace said, one event "kernel" a row of the table and one "run" of the whole, and
// closes the file (docs/recording-format.md).
Status finish_recording(store::Recorder& recorder, const RunReport& report);

}  // namespace assay::cli
