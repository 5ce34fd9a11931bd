// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "assay/cli/run_report.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {

// One line of "assay.run/1" (docs/json.md), without a newline; all kernels, the greatest waste
// first.
std::string run_json(const RunReport& report);

// One row of the table as a recording keeps it: what was traced, nothing computed from it.
wire::Json kernel_json(const sample::KernelRow& row);

// "host-to-device", ...: a kind of copy in the JSON.
std::string_view copy_word(sample::CopyKind kind);

// The table without its rows, and the run's own figures.
wire::Json trace_json(const RunReport& report);

}  // namespace assay::cli
