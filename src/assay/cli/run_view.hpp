// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/cli/run_report.hpp"
#include "assay/cli/style.hpp"

namespace assay::cli {

// The whole report as text: the job in one line, each device's ladder, the `top` kernels by wasted
// SM-time, what was copied, and what is missing.
std::string run_view(const Style& style, const RunReport& report, int top);

// The table of kernels alone; empty where there is none.
std::string kernels_view(const Style& style, const sample::KernelTable& table, int top);

}  // namespace assay::cli
