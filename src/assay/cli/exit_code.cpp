// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/exit_code.hpp"

#include "assay/cli/out.hpp"

namespace assay::cli {

ExitCode exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return kUsage;
    case ErrorCode::nothing_to_measure: return kNothingToMeasure;
    default: return kFailed;
  }
}

int fail(const Error& error) {
  complain("assay: " + error.message);
  return exit_code(error.code);
}

}  // namespace assay::cli
