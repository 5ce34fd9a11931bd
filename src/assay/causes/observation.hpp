// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "assay/ladder/ladder.hpp"
#include "assay/ladder/limiter.hpp"
#include "assay/sample/kernels.hpp"
#include "assay/sample/sample.hpp"
#include "assay/sample/tick_sums.hpp"
#include "assay/units/units.hpp"

namespace assay::causes {

// Means of what only the microscope sees, over ticks in which an SM was active.
struct Magnified {
  std::optional<double> lanes;  // of a warp's 32, used by an instruction
  std::optional<double> issue;  // issue slots used, of the SMs that were active
};
Magnified magnified(const sample::TickSums& sums);

// The peak of a vector pipe over that which the matrix units reach for the same products, 0..1:
// of fp32 the fastest type that a framework offers in its place (tf32, bf16, fp16), of fp64 its
// own. Absent where the chip is unknown or has no such units.
struct PipeRatios {
  std::optional<double> fp32, fp64;
};

// What there is to go by: one device over one window. The references must outlive the call only.
struct Observation {
  const sample::Sample& sample;
  const ladder::Ladder& ladder;
  ladder::LinkPeaks links;
  std::optional<int> sm_count;
  std::optional<DollarsPerHour> price;
  // Of the job that ran meanwhile; null where nothing was traced. The window should be the job's
  // own (sample::WorkSpan), or the two speak of different times.
  const sample::KernelTable* kernels = nullptr;
  std::string_view uuid;  // of the device, to find it in that table
  Magnified microscope = {};
  PipeRatios pipes = {};
};

// The shares that the rules reason with, each 0..1 of the device's capacity over the window, or
// nothing where it is not known. Counters as they came, not raised as the ladder's rungs are.
struct Shares {
  std::optional<double> held, busy, sm, occupancy;
  std::optional<double> dram, tensor, fp64, fp32, fp16, integer;
  std::optional<double> pcie, nvlink;  // the busier direction over the link's peak
  std::optional<double> clock;         // SM clock over the highest
};
Shares shares_of(const Observation& seen);

}  // namespace assay::causes
