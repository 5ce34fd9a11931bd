// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/base/result.hpp"

namespace assay::cli {

// The bearer token that a file of the user's own holds, to send with requests; empty where no file
// was named. Errors: no_permission where others can read the file, with the command that mends it;
// invalid_argument where it holds anything but one line.
Result<std::string> token_in(const std::string& path);

}  // namespace assay::cli
