// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/base/error.hpp"

namespace assay::cli {

enum ExitCode : int { kOk = 0, kFailed = 1, kUsage = 2, kNothingToMeasure = 3 };

ExitCode exit_code(ErrorCode code);

// Prints "assay: <message>" on stderr and returns the code to exit with.
int fail(const Error& error);

}  // namespace assay::cli
