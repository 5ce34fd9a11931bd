// SPDX-License-Identifier: Apache-2.0
// Where kernels were resident and SMs empty: too few blocks, or a last wave that leaves SMs over.
#include <algorithm>

#include "assay/causes/gain.hpp"
#include "assay/causes/rules.hpp"

namespace assay::causes {
namespace {

constexpr double kBusy = 0.05;    // below this there is too little to reason from
constexpr double kFilled = 0.85;  // SM active over busy from here on: the grid fills the chip
constexpr double kLoss = 0.05;    // of the device: less is not worth a finding
// Even blocks in more than one wave leave more than half of the SMs busy on average, whatever the
// last wave holds; a grid that is just too small has no such bound.
constexpr double kMoreThanOneWave = 0.50;
constexpr Seconds kLaunching{20e-6};  // kernels shorter than that: launching is what costs

// Where memory is the limit, SMs more than it can feed are no loss.
double worth_filling(const Shares& s) { return 1.0 - s.dram.value_or(0); }

// What the counters see of empty SMs beside resident kernels; nothing where one of them is missing.
std::optional<double> seen_empty(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.busy || !s.sm) return std::nullopt;
  double busy = *s.busy;
  if (scene.trace) busy = std::min(busy, scene.trace->kernels) - scene.trace->collectives;
  return std::clamp(busy - *s.sm, 0.0, worth_filling(s));
}

double too_long_to_be_launching(const Traced& trace) {
  return ramp(trace.mean_kernel / kLaunching, 0.1, 1.0);
}

std::optional<Finding> by_trace(const Scene& scene, Cause cause, double by_table,
                                const std::string& kernel, std::string_view metric) {
  const auto empty = seen_empty(scene);
  const double share = empty ? std::min(*empty, by_table) : by_table;
  if (share < kLoss) return std::nullopt;
  Finding out = with_gain(
      scene,
      {.cause = cause,
       .confidence = (empty ? 0.97 : 0.85) * too_long_to_be_launching(*scene.trace),
       .share = share,
       .evidence = {{metric, by_table, "0: each wave of each kernel has a block for every SM"}},
       .kernel = kernel,
       .counterfactual = {},
       .or_else = {},
       .told_apart_by = ""});
  if (empty) out.evidence.push_back({"sm_active", *scene.share.sm, "about as busy"});
  if (out.confidence <= 0) return std::nullopt;
  return out;
}

// Whole waves by their shape, and SMs empty all the same: blocks of very different length.
std::optional<Finding> uneven_blocks(const Scene& scene) {
  const Traced& trace = *scene.trace;
  const auto empty = seen_empty(scene);
  if (!empty || trace.mean_kernel < kLaunching) return std::nullopt;
  const double by_shape = trace.too_small + trace.tails;
  const double rest = *empty - by_shape;
  if (rest < 2 * kLoss || by_shape > *empty / 2) return std::nullopt;
  return with_gain(
      scene,
      {.cause = Cause::tail_wave,
       .confidence = 0.8,
       .share = rest,
       .evidence = {{"sm_active", *scene.share.sm, "about as busy: blocks that end together"},
                    {"trace.tails", trace.tails, "what the shapes explain"}},
       .kernel = trace.longest,
       .counterfactual = {},
       .or_else = {},
       .told_apart_by = ""});
}

// SM active over busy, where the counters alone say that SMs are empty.
std::optional<double> partly_filled(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.busy || !s.sm || *s.busy < kBusy) return std::nullopt;
  const double filled = *s.sm / *s.busy;
  const double one_sm = scene.seen.sm_count ? 1.0 / *scene.seen.sm_count : 0;
  if (filled >= kFilled || filled < 0.8 * one_sm) return std::nullopt;  // else: launch_bound
  return filled;
}

std::vector<Evidence> counters(const Shares& s) {
  return {{"sm_active", *s.sm, "about as busy: every SM has a block"},
          {"graphics_util", *s.busy, "no more than SM active"}};
}

}  // namespace

std::optional<Finding> grid_too_small(const Scene& scene) {
  const Shares& s = scene.share;
  if (scene.trace)
    return by_trace(scene, Cause::grid_too_small, scene.trace->too_small,
                    scene.trace->smallest_grid, "trace.too_small");
  const auto filled = partly_filled(scene);
  if (!filled) return std::nullopt;
  const bool long_kernels = *s.busy > 0.95;  // no gaps: not a matter of launching
  // Collectives and copies run on few SMs by design: a small grid beside a busy link is theirs.
  const double busier_link = std::max(s.nvlink.value_or(0), s.pcie.value_or(0));
  const double not_theirs = 1.0 - 0.8 * ramp(busier_link, 0.05, 0.2);
  const bool more_than_one_wave = *filled > kMoreThanOneWave;
  Finding out =
      with_gain(scene, {.cause = Cause::grid_too_small,
                        .confidence = more_than_one_wave
                                          ? 0.4 * not_theirs
                                          : not_theirs * ((long_kernels ? 0.75 : 0.5) +
                                                          0.23 * ramp(kFilled - *filled, 0, 0.5)),
                        .share = std::min(*s.busy - *s.sm, worth_filling(s)),
                        .evidence = counters(s),
                        .kernel = "",
                        .counterfactual = {},
                        .or_else = {},
                        .told_apart_by = ""});
  out.counterfactual.speedup_max = 1.0 / *filled;
  if (more_than_one_wave) {
    out.or_else = {Cause::tail_wave};
    out.told_apart_by = "trace";
  }
  return out;
}

std::optional<Finding> tail_wave(const Scene& scene) {
  const Shares& s = scene.share;
  if (scene.trace) {
    auto out = by_trace(scene, Cause::tail_wave, scene.trace->tails, scene.trace->worst_tail,
                        "trace.tails");
    return out ? out : uneven_blocks(scene);
  }
  const auto filled = partly_filled(scene);
  if (!filled || *filled <= kMoreThanOneWave || *s.busy <= 0.95) return std::nullopt;
  Finding out = with_gain(scene, {.cause = Cause::tail_wave,
                                  .confidence = 0.6,
                                  .share = std::min(*s.busy - *s.sm, worth_filling(s)),
                                  .evidence = counters(s),
                                  .kernel = "",
                                  .counterfactual = {},
                                  .or_else = {Cause::grid_too_small},
                                  .told_apart_by = "trace"});
  out.counterfactual.speedup_max = 1.0 / *filled;
  return out;
}

}  // namespace assay::causes
