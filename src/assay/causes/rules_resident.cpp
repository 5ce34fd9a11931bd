// SPDX-License-Identifier: Apache-2.0
// Where kernels were resident, but their warps waited, spun, or ran with lanes off.
#include <algorithm>

#include "assay/causes/gain.hpp"
#include "assay/causes/rules.hpp"

namespace assay::causes {
namespace {

constexpr double kFilled = 0.85;      // SM active over busy from here on: the grid fills the chip
constexpr double kUntouched = 0.002;  // of a pipe's or the memory's peak: not used by the kernels
constexpr double kWaiting = 0.40;     // the busiest part over SM active below this: warps wait
constexpr double kMostLanes = 0.70;   // of a warp: from here on branches cost little
constexpr double kSomeSms = 0.30;  // SM active: below this there is too little to judge waiting by
constexpr double kIssues = 0.30;   // of the pipe or the issue slots: instructions do run
constexpr double kAllTheTime = 0.95;  // busy: a wait loop leaves no pause
constexpr double kQuietLink = 0.01;

// The busiest part of the SMs and the memory; nothing if one of them is unknown.
std::optional<double> busiest(const Shares& s) {
  if (!s.dram || !s.tensor || !s.fp64 || !s.fp32 || !s.fp16 || !s.integer) return std::nullopt;
  return std::max({*s.dram, *s.tensor, *s.fp64, *s.fp32, *s.fp16, *s.integer});
}

bool only_integer_work(const Shares& s) {
  return *s.dram < kUntouched && *s.tensor < kUntouched && *s.fp64 < kUntouched &&
         *s.fp32 < kUntouched && *s.fp16 < kUntouched;
}

std::string longest_of(const Scene& scene) {
  return scene.trace ? scene.trace->longest : std::string();
}

}  // namespace

std::optional<Finding> latency_bound(const Scene& scene) {
  const Shares& s = scene.share;
  const auto top = busiest(s);
  if (!s.busy || !s.sm || !top || *s.sm < kSomeSms || *s.sm < kFilled * *s.busy)
    return std::nullopt;
  const double rate = *top / *s.sm;
  if (rate >= kWaiting || only_integer_work(s)) return std::nullopt;
  const double low_occupancy = s.occupancy ? ramp(0.5 - *s.occupancy / *s.sm, 0, 0.4) : 0;
  Finding out = with_gain(
      scene, {.cause = Cause::latency_bound,
              .confidence = 0.55 + 0.2 * ramp(kWaiting - rate, 0, 0.3) + 0.1 * low_occupancy,
              .share = *s.sm - *top,
              .evidence = {{"sm_active", *s.sm, "no more than the busiest part"}},
              .kernel = longest_of(scene),
              .counterfactual = {},
              .or_else = {Cause::divergent_lanes},
              .told_apart_by = "microscope"});
  if (s.occupancy) out.evidence.push_back({"sm_occupancy", *s.occupancy, "enough to hide latency"});
  const Magnified& microscope = scene.seen.microscope;
  if (!microscope.lanes) return out;
  out.or_else = {};
  out.told_apart_by = "";
  if (microscope.issue) out.evidence.push_back({"scope.issue", *microscope.issue, "> 40 %"});
  out.confidence += 0.1;
  return out;
}

std::optional<Finding> divergent_lanes(const Scene& scene) {
  const Shares& s = scene.share;
  const Magnified& microscope = scene.seen.microscope;
  if (!s.sm || !busiest(s) || !microscope.lanes || *microscope.lanes >= kMostLanes)
    return std::nullopt;
  if (only_integer_work(s)) return std::nullopt;  // one thread that waits for the others
  // Where few instructions run, their lanes are not what is short.
  const double rate = *s.sm > 0 ? std::max(*s.fp32, *s.integer) / *s.sm : 0;
  if (std::max(rate, microscope.issue.value_or(0)) < kIssues) return std::nullopt;
  Finding out =
      with_gain(scene, {.cause = Cause::divergent_lanes,
                        .confidence = 0.75 + 0.2 * ramp(kMostLanes - *microscope.lanes, 0, 0.3),
                        .share = *s.sm * (1.0 - *microscope.lanes),
                        .evidence = {{"scope.lanes", *microscope.lanes, "about 100 %"}},
                        .kernel = longest_of(scene),
                        .counterfactual = {},
                        .or_else = {},
                        .told_apart_by = ""});
  if (*microscope.lanes > 0) out.counterfactual.speedup_max = 1.0 / *microscope.lanes;
  return out;
}

std::optional<Finding> spinning(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.busy || !s.sm || !busiest(s) || *s.busy < kAllTheTime || *s.sm <= 0) return std::nullopt;
  if (!only_integer_work(s) || s.pcie.value_or(0) > kQuietLink || s.nvlink.value_or(0) > kQuietLink)
    return std::nullopt;
  Finding out = with_gain(
      scene, {.cause = Cause::spinning,
              .confidence = 0.9,
              .share = *s.busy,
              .evidence = {{"dram_util", *s.dram, "> 0.2 %: work reads and writes memory"},
                           {"int_util", *s.integer, "some floating point beside it"}},
              .kernel = longest_of(scene),
              .counterfactual = {},
              .or_else = {},
              .told_apart_by = ""});
  out.counterfactual.speedup_max.reset();  // nothing runs that could be faster
  return out;
}

}  // namespace assay::causes
