// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/cli/decode_bridge.hpp"
#include "assay/cli/options.hpp"

namespace assay::cli {

struct TopOptions {
  CommonOptions common;
  DecodeOptions decode;  // an engine to watch, live
  std::string file;      // a recording; empty: live
  Seconds period{1};
};

// `assay top`; returns the exit code. Where the program was built without FTXUI it says so.
int top(const TopOptions& options);

}  // namespace assay::cli
