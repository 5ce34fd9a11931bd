// SPDX-License-Identifier: Apache-2.0
#include "assay/causes/diagnose.hpp"

#include <algorithm>
#include <array>

#include "assay/causes/gain.hpp"
#include "assay/causes/named_loss.hpp"
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

// Rules reason from single counters; all that they promise must lie within the parts of the ladder
// that they speak of.
void bound_gain(const Scene& scene, Finding& finding) {
  const Counterfactual most = gain_of(scene, named_loss(finding.cause, scene.seen.ladder.losses));
  Counterfactual& gain = finding.counterfactual;
  if (gain.saved_max && most.saved_max) gain.saved_max = std::min(*gain.saved_max, *most.saved_max);
  if (gain.speedup_max && most.speedup_max)
    gain.speedup_max = std::min(*gain.speedup_max, *most.speedup_max);
}

}  // namespace

std::vector<Finding> diagnose(const Observation& seen) {
  Scene scene{seen, shares_of(seen), std::nullopt};
  if (seen.kernels != nullptr) scene.trace = traced(*seen.kernels, seen.uuid);
  // Counters and the driver's sampling miss kernels of a microsecond; the trace saw each.
  if (const Seconds window = seen.sample.window;
      scene.trace && scene.share.busy && window > Seconds(0))
    scene.share.busy = std::max(*scene.share.busy, resident_in(*scene.trace, window) / window);
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
