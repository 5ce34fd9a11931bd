// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/base/error.hpp"
#include "assay/cli/microscope_look.hpp"
#include "assay/sample/kernels.hpp"
#include "assay/units/units.hpp"

namespace assay::cli {

// All that `assay run` has to tell of a job; what is not known is absent, and `missing` says why.
struct RunReport {
  std::string command;
  int exit_code = 0;                 // the command's own, or 127 / 126
  std::optional<Error> not_started;  // then nothing else is known
  Seconds wall{0};
  std::shared_ptr<const void> catalog;  // what the boards of `devices` point into
  // The devices that the job used (by the trace; without one, all), each over the whole run.
  appraise::AppraisedSnapshot devices;
  std::int64_t windows = 0;
  std::optional<Joules> energy;  // mean power of those boards x wall, as the cost is
  std::optional<Dollars> cost;   // those devices for the length of the run
  std::optional<double> flops;
  std::string peak;  // which peak `useful` is measured by: "989 TFLOP/s bf16 (catalog: ...)"
  std::optional<double> tokens;
  std::optional<Dollars> per_million_tokens;
  sample::KernelTable kernels;
  std::vector<MicroscopeLook> microscope;  // a device that was looked at each
  // One sentence each: what could not be measured, traced or written, and what to do.
  std::vector<std::string> missing;
};

}  // namespace assay::cli
