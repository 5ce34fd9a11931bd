// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/cli/style.hpp"
#include "assay/contrast/contrast.hpp"
#include "assay/sample/kernels.hpp"

namespace assay::cli {

// A kernel of a run that was traced (`assay run -o`), all its signatures together. Where bursts
// were sampled, launches and total are scaled to the whole.
struct KernelTotal {
  std::string name;  // as the linker has it
  std::int64_t launches = 0;
  double total_s = 0;
  double shortest_s = 0;  // of one launch that was seen
  double longest_s = 0;
};
// The longest in total first.
std::vector<KernelTotal> kernels_of(const sample::KernelTable& table);

// The two totals of one kernel. A recording holds no windows of it, so its noise can't be judged
// but for this: `slower` or `faster` where each launch of the one took longer than any of the
// other.
struct KernelPair {
  std::optional<KernelTotal> a;
  std::optional<KernelTotal> b;
  contrast::Claim claim = contrast::Claim::unknown;  // of the time of a launch
};
std::vector<KernelPair> kernel_pairs(const std::vector<KernelTotal>& a,
                                     const std::vector<KernelTotal>& b);

struct DiffSide {
  std::string name;
  sample::Origin recorded;  // a device or a simulation
  sample::WallTime from;    // begin of the first window, end of the last
  sample::WallTime to;
  contrast::Run run;
};

struct DiffReport {
  DiffSide a;
  DiffSide b;
  std::vector<contrast::Change> changes;
  std::vector<KernelPair> kernels;
};

// One sentence: what changed, in dollars first, or that nothing can be told and why.
std::string diff_headline(const DiffReport& report);
std::string diff_view(const Style& style, const DiffReport& report);
// "assay.diff/1" (docs/json.md), one line without a newline.
std::string diff_json(const DiffReport& report);

}  // namespace assay::cli
