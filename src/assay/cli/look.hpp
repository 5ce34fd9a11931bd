// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/base/error.hpp"
#include "assay/cli/decode_bridge.hpp"
#include "assay/cli/options.hpp"
#include "assay/units/units.hpp"

namespace assay::cli {

// One window of every device, shown as a picture or as JSON; with a decode loop told of, its useful
// rung too. Returns the exit code.
int look(const CommonOptions& options, const DecodeOptions& decode, Seconds window);

// Says why nothing can be looked at. Nothing to measure is an answer too: then also what to do
// instead. Returns the exit code.
int offer_what_works(const Error& error);

}  // namespace assay::cli
