// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/cli/options.hpp"
#include "assay/units/units.hpp"

namespace assay::cli {

// One window of every device, shown as a picture or as JSON. Returns the exit code.
int look(const CommonOptions& options, Seconds window);

}  // namespace assay::cli
