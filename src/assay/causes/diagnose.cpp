// SPDX-License-Identifier: Apache-2.0
#include "assay/causes/diagnose.hpp"

#include <algorithm>
#include <array>

#include "assay/causes/gain.hpp"
#include "assay/causes/rules.hpp"

namespace assay::causes {
namespace {

constexpr std::array<Rule, 14> kRules = {
    held_idle,      launch_bound, host_bound,    transfer_bound,  communication_bound,
    grid_too_small, tail_wave,    latency_bound, divergent_lanes, spinning,
    dram_bound,     wrong_pipe,   throttled,     healthy};

// A loss that accounts for less is no reason to call a device that works near its peak anything but
// healthy.
constexpr double kSmallLoss = 0.10;

double weight_of(const Finding& finding) {
  return finding.cause == Cause::healthy ? kSmallLoss : finding.confidence * finding.share;
}

// What the ladder calls lost, and what it can place nowhere where a part is not known.
double most_lost(const ladder::Losses& losses) {
  double lost = 0;
  bool all_known = true;
  for (const ladder::Part& part : losses.parts) {
    if (!part.share.value()) all_known = false;
    else if (part.is_loss) lost += part.share.value()->value();
  }
  return all_known ? lost : lost + losses.unattributed.value();
}

// Rules reason from single counters; all that they promise must lie within what the ladder shows
// as lost. But for what it can't show: a pipe counts an instruction as work whatever share of its
// lanes was on, and peaks are those at the present clock, however low it is held.
void bound_gain(const Scene& scene, Finding& finding) {
  if (finding.cause == Cause::divergent_lanes || finding.cause == Cause::throttled) return;
  const Counterfactual most = gain_of(scene, most_lost(scene.seen.ladder.losses));
  Counterfactual& gain = finding.counterfactual;
  if (gain.saved_max && most.saved_max) gain.saved_max = std::min(*gain.saved_max, *most.saved_max);
  if (gain.speedup_max && most.speedup_max)
    gain.speedup_max = std::min(*gain.speedup_max, *most.speedup_max);
}

}  // namespace

std::vector<Finding> diagnose(const Observation& seen) {
  Scene scene{seen, shares_of(seen), std::nullopt};
  if (seen.kernels != nullptr) scene.trace = traced(*seen.kernels, seen.uuid);
  std::vector<Finding> found;
  if (seen.sample.presence != sample::Presence::ok) return found;  // its readings are not of now
  for (const Rule rule : kRules)
    if (auto finding = rule(scene)) {
      bound_gain(scene, *finding);
      found.push_back(std::move(*finding));
    }
  std::ranges::stable_sort(found, std::greater{}, weight_of);
  return found;
}

bool needs_microscope(std::span<const Finding> findings) {
  // Which lanes are on is what nothing else sees.
  return std::ranges::any_of(findings, [](const Finding& finding) {
    return std::ranges::count(finding.or_else, Cause::divergent_lanes) > 0;
  });
}

}  // namespace assay::causes
