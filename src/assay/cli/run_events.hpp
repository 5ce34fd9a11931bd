// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "assay/cli/microscope_look.hpp"
#include "assay/sample/kernels.hpp"
#include "assay/sample/sample.hpp"

namespace assay::cli {

// The table of kernels out of a recording's events "kernel" and "run", as finish_recording wrote
// them (docs/recording-format.md). Nothing where there is no sound "run" event: then it is no
// recording of a run, or nothing was traced. A field that is missing or of another type reads as 0
// or unknown; a row that names no device of the table is left out. Any text is survived.
std::optional<sample::KernelTable> kernel_table_of(std::span<const sample::Event> events);

// What the microscope saw of the run, out of the same event.
std::vector<MicroscopeLook> looks_of(std::span<const sample::Event> events);

}  // namespace assay::cli
