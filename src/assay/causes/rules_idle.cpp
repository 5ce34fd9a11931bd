// SPDX-License-Identifier: Apache-2.0
// Where the device stood still though it was held.
#include <algorithm>

#include "assay/causes/gain.hpp"
#include "assay/causes/rules.hpp"

namespace assay::causes {
namespace {

constexpr double kIdle = 0.01;       // busy below this: nothing runs, but for a stray kernel
constexpr double kGap = 0.10;        // idle while held above this: there is a gap to explain
constexpr double kLinkWorks = 0.10;  // of a link's peak: more than control traffic
constexpr double kFullKernel =
    0.50;  // SM active over busy: the kernels that run fill half the chip

struct Gap {
  double idle = 0;  // held, but nothing resident
  double busy = 0;
};

// Nothing where held or busy is unknown, or the gap too small to matter, or nothing runs at all.
std::optional<Gap> gap_of(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.held || !s.busy || *s.busy < kIdle) return std::nullopt;
  const Gap gap{*s.held - *s.busy, *s.busy};
  return gap.idle < kGap ? std::nullopt : std::optional(gap);
}

bool works(const std::optional<double>& link) { return link && *link >= kLinkWorks; }

bool quiet(const std::optional<double>& link) { return !link || *link < kLinkWorks; }

}  // namespace

std::optional<Finding> held_idle(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.held || !s.busy || *s.held < 0.5 || *s.busy >= kIdle || works(s.pcie)) return std::nullopt;
  Finding out =
      with_gain(scene, {.cause = Cause::held_idle,
                        .confidence = 0.97,
                        .share = *s.held - *s.busy,
                        .evidence = {{"graphics_util", *s.busy, "> 1 % of a held device"}},
                        .or_else = {},
                        .told_apart_by = ""});
  out.counterfactual.speedup_max.reset();  // nothing runs that could be faster
  return out;
}

// A kernel that is resident keeps at least one SM active. Where SM active over busy is below one
// SM's share, launching took part of the time that counts as busy: nothing else can do that.
std::optional<Finding> launch_bound(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.busy || !s.sm || *s.busy < kIdle || !quiet(s.pcie) || !quiet(s.nvlink))
    return std::nullopt;
  const double filled = *s.sm / *s.busy;
  const double one_sm = scene.seen.sm_count ? 1.0 / *scene.seen.sm_count : 0;
  const bool certain = filled < 0.8 * one_sm;
  const auto gap = gap_of(scene);
  if (!certain && (!gap || filled >= kFullKernel)) return std::nullopt;
  Finding out = with_gain(
      scene,
      {.cause = Cause::launch_bound,
       .confidence = certain ? 0.95 : 0.55 + 0.25 * ramp(kFullKernel - filled, 0, kFullKernel),
       .share = s.held.value_or(1.0) - *s.sm,
       .evidence = {{"graphics_util", *s.busy, "about 100 %"},
                    {"sm_active", *s.sm, "at least one SM's share of the busy time"}},
       .or_else = {},
       .told_apart_by = ""});
  if (!certain) {
    out.or_else = {Cause::host_bound};
    out.told_apart_by = "trace";
  }
  return out;
}

std::optional<Finding> host_bound(const Scene& scene) {
  const Shares& s = scene.share;
  const auto gap = gap_of(scene);
  if (!gap || !s.sm || !quiet(s.pcie) || !quiet(s.nvlink)) return std::nullopt;
  const double filled = *s.sm / gap->busy;
  if (filled < kFullKernel) return std::nullopt;
  return with_gain(
      scene, {.cause = Cause::host_bound,
              .confidence = 0.6 + 0.25 * ramp(gap->idle, kGap, 0.5),
              .share = gap->idle,
              .evidence = {{"graphics_util", gap->busy, "about 100 %"},
                           {"sm_active", *s.sm, "as busy: the kernels that run do fill the chip"}},
              .or_else = {Cause::launch_bound},
              .told_apart_by = "trace"});
}

std::optional<Finding> transfer_bound(const Scene& scene) {
  const Shares& s = scene.share;
  if (!works(s.pcie) || !s.busy || !s.held) return std::nullopt;
  // Time without a kernel, or time in which the link did more than the SMs.
  const double waiting = std::max(*s.held - *s.busy, *s.pcie - s.sm.value_or(*s.busy));
  if (waiting < kGap) return std::nullopt;
  return with_gain(scene, {.cause = Cause::transfer_bound,
                           .confidence = 0.6 + 0.35 * ramp(*s.pcie, kLinkWorks, 0.5),
                           .share = waiting,
                           .evidence = {{"pcie_rx", *s.pcie, "little beside the kernels' time"},
                                        {"graphics_util", *s.busy, "about 100 %"}},
                           .or_else = {},
                           .told_apart_by = ""});
}

std::optional<Finding> communication_bound(const Scene& scene) {
  const Shares& s = scene.share;
  if (!works(s.nvlink)) return std::nullopt;
  const double arithmetic =
      std::max({s.tensor.value_or(0), s.dram.value_or(0), s.fp32.value_or(0)});
  if (*s.nvlink < arithmetic) return std::nullopt;
  return with_gain(scene, {.cause = Cause::communication_bound,
                           .confidence = 0.6 + 0.3 * ramp(*s.nvlink, kLinkWorks, 0.5),
                           .share = 1.0 - arithmetic,
                           .evidence = {{"nvlink_tx", *s.nvlink, "below the pipes and the memory"},
                                        {"tensor_util", s.tensor.value_or(0), "the busiest part"}},
                           .or_else = {},
                           .told_apart_by = ""});
}

}  // namespace assay::causes
