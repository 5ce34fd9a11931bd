// SPDX-License-Identifier: Apache-2.0
// Where the device stood still though it was held, or waited for links and peers.
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

// A launch costs the host 2 to 10 us from C++, up to 30 us from an eager framework; what lies
// longer between two launches is work or waiting of the host's own.
constexpr Seconds kLaunching{40e-6};
constexpr Seconds kShortKernel{20e-6};
// A host that waits for results at least every second launch, and not just at the end of a queue.
constexpr double kWaitsOften = 0.5;
constexpr Seconds kRoundTrip{10e-6};

struct Gap {
  double idle = 0;  // held, but nothing resident
  double busy = 0;
};

// Nothing where held or busy is unknown, or the gap too small to matter, or nothing runs at all.
// The trace makes gaps longer (it costs each launch a microsecond), counters know nothing of
// copies: what both call idle is idle.
std::optional<Gap> gap_of(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.held || !s.busy || *s.busy < kIdle) return std::nullopt;
  double idle = *s.held - *s.busy;
  if (scene.trace) idle = std::min(idle, scene.trace->idle);
  return idle < kGap ? std::nullopt : std::optional(Gap{idle, *s.busy});
}

bool works(const std::optional<double>& link) { return link && *link >= kLinkWorks; }

bool quiet(const std::optional<double>& link) { return !link || *link < kLinkWorks; }

// The pauses are as long as launching takes, and nobody waits for results in them.
bool pauses_are_launches(const Traced& trace) {
  if (trace.idle_per_launch > kLaunching) return false;
  return trace.syncs_per_launch < kWaitsOften || trace.idle_per_launch < kRoundTrip;
}

// SM active over busy below one SM's share: see launch_bound.
bool below_one_sm(const Scene& scene, double filled) {
  return scene.seen.sm_count && filled < 0.8 / *scene.seen.sm_count;
}

std::optional<Finding> launch_bound_by_trace(const Scene& scene, const Traced& trace) {
  const Shares& s = scene.share;
  if (trace.idle < kGap || !pauses_are_launches(trace)) return std::nullopt;
  const auto gap = gap_of(scene);
  const bool certain = s.busy && s.sm && *s.busy > 0 && below_one_sm(scene, *s.sm / *s.busy);
  if (s.busy && !gap && !certain) return std::nullopt;  // the counters saw no gap
  // Short kernels do not fill the chip either: launching is to blame for that, too.
  const bool is_short = trace.mean_kernel < kShortKernel && s.sm;
  const double idle = gap ? gap->idle : trace.idle;
  Finding out = with_gain(
      scene,
      {.cause = Cause::launch_bound,
       .confidence = 0.95,
       .share = is_short ? s.held.value_or(1.0) - *s.sm : idle,
       .evidence = {{"trace.idle", trace.idle, "about 0: one launch right after the other"},
                    {"trace.idle_per_launch_s", trace.idle_per_launch.value(), "2 us or less"},
                    {"trace.mean_kernel_s", trace.mean_kernel.value(),
                     "well over the 5 us of a launch"}},
       .kernel = trace.longest,
       .counterfactual = {},
       .or_else = {},
       .told_apart_by = ""});
  out.counterfactual = gain_of(scene, trace.idle);  // no pauses; kernels stay as short as they are
  if (trace.in_graph > 0.5) out.done_already = 1;   // the loop is in a graph
  return out;
}

}  // namespace

std::optional<Finding> held_idle(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.held || !s.busy || *s.held < 0.5 || *s.busy >= kIdle || works(s.pcie)) return std::nullopt;
  Finding out =
      with_gain(scene, {.cause = Cause::held_idle,
                        .confidence = 0.97,
                        .share = *s.held - *s.busy,
                        .evidence = {{"graphics_util", *s.busy, "> 1 % of a held device"}},
                        .kernel = "",
                        .counterfactual = {},
                        .or_else = {},
                        .told_apart_by = ""});
  out.counterfactual.speedup_max.reset();  // nothing runs that could be faster
  return out;
}

// A kernel that is resident keeps at least one SM active. Where SM active over busy is below one
// SM's share, launching took part of the time that counts as busy: nothing else can do that.
std::optional<Finding> launch_bound(const Scene& scene) {
  const Shares& s = scene.share;
  if (scene.trace) return launch_bound_by_trace(scene, *scene.trace);
  if (!s.busy || !s.sm || *s.busy < kIdle || !quiet(s.pcie) || !quiet(s.nvlink))
    return std::nullopt;
  const double filled = *s.sm / *s.busy;
  const bool certain = below_one_sm(scene, filled);
  const auto gap = gap_of(scene);
  if (!certain && (!gap || filled >= kFullKernel)) return std::nullopt;
  Finding out = with_gain(
      scene,
      {.cause = Cause::launch_bound,
       .confidence = certain ? 0.95 : 0.55 + 0.25 * ramp(kFullKernel - filled, 0, kFullKernel),
       .share = s.held.value_or(1.0) - *s.sm,
       .evidence = {{"graphics_util", *s.busy, "about 100 %"},
                    {"sm_active", *s.sm, "at least one SM's share of the busy time"}},
       .kernel = "",
       .counterfactual = {},
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
  if (!gap) return std::nullopt;
  if (scene.trace) {
    const Traced& trace = *scene.trace;
    if (pauses_are_launches(trace)) return std::nullopt;
    return with_gain(scene,
                     {.cause = Cause::host_bound,
                      .confidence = 0.93,
                      .share = gap->idle,
                      .evidence = {{"trace.idle", trace.idle, "about 0"},
                                   {"trace.idle_per_launch_s", trace.idle_per_launch.value(),
                                    "40 us or less, as launching takes"},
                                   {"trace.syncs_per_launch", trace.syncs_per_launch, "few"}},
                      .kernel = "",
                      .counterfactual = {},
                      .or_else = {},
                      .told_apart_by = ""});
  }
  if (!s.sm || !quiet(s.pcie) || !quiet(s.nvlink)) return std::nullopt;
  const double filled = *s.sm / gap->busy;
  if (filled < kFullKernel) return std::nullopt;
  return with_gain(
      scene, {.cause = Cause::host_bound,
              .confidence = 0.6 + 0.25 * ramp(gap->idle, kGap, 0.5),
              .share = gap->idle,
              .evidence = {{"graphics_util", gap->busy, "about 100 %"},
                           {"sm_active", *s.sm, "as busy: the kernels that run do fill the chip"}},
              .kernel = "",
              .counterfactual = {},
              .or_else = {Cause::launch_bound},
              .told_apart_by = "trace"});
}

std::optional<Finding> transfer_bound(const Scene& scene) {
  const Shares& s = scene.share;
  if (scene.trace) {
    const Traced& trace = *scene.trace;
    const double waiting = std::min(trace.waiting_copies, trace.copies);
    if (waiting < kGap) return std::nullopt;
    return with_gain(
        scene, {.cause = Cause::transfer_bound,
                .confidence = 0.95,
                .share = waiting,
                .evidence = {{"trace.copies", trace.copies, "little beside the kernels' time"},
                             {"trace.waiting_copies", waiting, "0: copies while kernels run"}},
                .kernel = "",
                .counterfactual = {},
                .or_else = {},
                .told_apart_by = ""});
  }
  if (!works(s.pcie) || !s.busy || !s.held) return std::nullopt;
  // Time without a kernel, or time in which the link did more than the SMs.
  const double waiting = std::max(*s.held - *s.busy, *s.pcie - s.sm.value_or(*s.busy));
  if (waiting < kGap) return std::nullopt;
  return with_gain(scene, {.cause = Cause::transfer_bound,
                           .confidence = 0.6 + 0.35 * ramp(*s.pcie, kLinkWorks, 0.5),
                           .share = waiting,
                           .evidence = {{"sol.pcie", *s.pcie, "little beside the kernels' time"},
                                        {"graphics_util", *s.busy, "about 100 %"}},
                           .kernel = "",
                           .counterfactual = {},
                           .or_else = {},
                           .told_apart_by = ""});
}

std::optional<Finding> communication_bound(const Scene& scene) {
  const Shares& s = scene.share;
  if (scene.trace && scene.trace->collectives >= kGap)
    return with_gain(scene, {.cause = Cause::communication_bound,
                             .confidence = 0.95,
                             .share = scene.trace->collectives,
                             .evidence = {{"trace.collectives", scene.trace->collectives,
                                           "0: collectives while other kernels run"}},
                             .kernel = scene.trace->longest_collective,
                             .counterfactual = {},
                             .or_else = {},
                             .told_apart_by = ""});
  if (!works(s.nvlink)) return std::nullopt;
  const double arithmetic =
      std::max({s.tensor.value_or(0), s.dram.value_or(0), s.fp32.value_or(0)});
  if (*s.nvlink < arithmetic) return std::nullopt;
  return with_gain(scene, {.cause = Cause::communication_bound,
                           .confidence = 0.6 + 0.3 * ramp(*s.nvlink, kLinkWorks, 0.5),
                           .share = 1.0 - arithmetic,
                           .evidence = {{"sol.nvlink", *s.nvlink, "below the pipes and the memory"},
                                        {"tensor_util", s.tensor.value_or(0), "the busiest part"}},
                           .kernel = "",
                           .counterfactual = {},
                           .or_else = {},
                           .told_apart_by = ""});
}

}  // namespace assay::causes
