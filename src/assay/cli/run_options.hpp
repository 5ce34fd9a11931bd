// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/cli/decode_bridge.hpp"
#include "assay/cli/options.hpp"
#include "assay/units/dtype.hpp"
#include "assay/units/units.hpp"

namespace assay::cli {

// What `assay run` was asked for.
struct RunOptions {
  CommonOptions common;
  std::vector<std::string> command;
  Seconds period{1};
  bool no_trace = false;
  bool no_scope = false;
  bool graph_level = false;
  bool sample = false;
  std::string recording;     // -o
  bool force = false;        // overwrite it
  std::string chrome_trace;  // --trace
  std::optional<double> flops;
  std::optional<double> tokens;
  std::string tokens_from;
  std::optional<Dtype> flops_dtype;  // whose peak the FLOPs are measured by
  DecodeOptions decode;              // its rate is the job's tokens over its time
  int top = 20;                      // kernels shown
};

}  // namespace assay::cli
