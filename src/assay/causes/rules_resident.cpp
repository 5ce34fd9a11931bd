// SPDX-License-Identifier: Apache-2.0
// Where kernels were resident, but SMs were empty or their warps waited.
#include <algorithm>

#include "assay/causes/gain.hpp"
#include "assay/causes/rules.hpp"

namespace assay::causes {
namespace {

constexpr double kBusy = 0.05;        // below this there is too little to reason from
constexpr double kFilled = 0.85;      // SM active over busy from here on: the grid fills the chip
constexpr double kUntouched = 0.002;  // of a pipe's or the memory's peak: not used by the kernels
constexpr double kWaiting = 0.40;     // the busiest part over SM active below this: warps wait

// The busiest part of the SMs and the memory; nothing if one of them is unknown.
std::optional<double> busiest(const Shares& s) {
  if (!s.dram || !s.tensor || !s.fp64 || !s.fp32 || !s.fp16 || !s.integer) return std::nullopt;
  return std::max({*s.dram, *s.tensor, *s.fp64, *s.fp32, *s.fp16, *s.integer});
}

bool only_integer_work(const Shares& s) {
  return *s.dram < kUntouched && *s.tensor < kUntouched && *s.fp64 < kUntouched &&
         *s.fp32 < kUntouched && *s.fp16 < kUntouched;
}

}  // namespace

std::optional<Finding> grid_too_small(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.busy || !s.sm || *s.busy < kBusy) return std::nullopt;
  const double filled = *s.sm / *s.busy;
  const double one_sm = scene.seen.sm_count ? 1.0 / *scene.seen.sm_count : 0;
  if (filled >= kFilled || filled < 0.8 * one_sm) return std::nullopt;  // else: launch_bound
  const bool long_kernels = *s.busy > 0.95;  // no gaps: not a matter of launching
  // Collectives and copies run on few SMs by design: a small grid beside a busy link is theirs.
  const double busier_link = std::max(s.nvlink.value_or(0), s.pcie.value_or(0));
  const double not_theirs = 1.0 - 0.5 * ramp(busier_link, 0.05, 0.2);
  Finding out =
      with_gain(scene, {.cause = Cause::grid_too_small,
                        .confidence = not_theirs * ((long_kernels ? 0.75 : 0.5) +
                                                    0.23 * ramp(kFilled - filled, 0, 0.5)),
                        .share = *s.busy - *s.sm,
                        .evidence = {{"sm_active", *s.sm, "about as busy: every SM has a block"},
                                     {"graphics_util", *s.busy, "no more than SM active"}},
                        .or_else = {},
                        .told_apart_by = ""});
  out.counterfactual.speedup_max = 1.0 / filled;
  if (filled > 0.5) {
    out.or_else = {Cause::tail_wave};
    out.told_apart_by = "trace";
  }
  return out;
}

std::optional<Finding> latency_bound(const Scene& scene) {
  const Shares& s = scene.share;
  const auto top = busiest(s);
  if (!s.busy || !s.sm || !top || *s.sm < 0.3 || *s.sm < kFilled * *s.busy) return std::nullopt;
  const double rate = *top / *s.sm;
  if (rate >= kWaiting || only_integer_work(s)) return std::nullopt;
  const double low_occupancy = s.occupancy ? ramp(0.5 - *s.occupancy / *s.sm, 0, 0.4) : 0;
  Finding out = with_gain(
      scene, {.cause = Cause::latency_bound,
              .confidence = 0.55 + 0.2 * ramp(kWaiting - rate, 0, 0.3) + 0.1 * low_occupancy,
              .share = *s.sm - *top,
              .evidence = {{"sm_active", *s.sm, "no more than the busiest part"}},
              .or_else = {Cause::divergent_lanes},
              .told_apart_by = "microscope"});
  if (s.occupancy) out.evidence.push_back({"sm_occupancy", *s.occupancy, "enough to hide latency"});
  return out;
}

std::optional<Finding> spinning(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.busy || !s.sm || !busiest(s) || *s.busy < 0.95 || *s.sm <= 0) return std::nullopt;
  if (!only_integer_work(s) || s.pcie.value_or(0) > 0.01 || s.nvlink.value_or(0) > 0.01)
    return std::nullopt;
  Finding out = with_gain(
      scene, {.cause = Cause::spinning,
              .confidence = 0.9,
              .share = *s.busy,
              .evidence = {{"dram_util", *s.dram, "> 0.2 %: work reads and writes memory"},
                           {"int_util", *s.integer, "some floating point beside it"}},
              .or_else = {},
              .told_apart_by = ""});
  out.counterfactual.speedup_max.reset();  // nothing runs that could be faster
  return out;
}

}  // namespace assay::causes
