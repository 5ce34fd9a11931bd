// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/cli/decode_bridge.hpp"
#include "assay/cli/options.hpp"
#include "assay/units/units.hpp"

namespace assay::cli {

// One window of every device, shown as a picture or as JSON; with a decode loop told of, its useful
// rung too. Returns the exit code.
int look(const CommonOptions& options, const DecodeOptions& decode, Seconds window);

}  // namespace assay::cli
