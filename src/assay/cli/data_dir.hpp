// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/base/result.hpp"

namespace assay::cli {

// The folder that --data names must hold a folder of chips.
Status check_data_dir(const std::string& dir);

}  // namespace assay::cli
