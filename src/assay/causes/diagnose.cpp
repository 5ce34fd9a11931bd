// SPDX-License-Identifier: Apache-2.0
#include "assay/causes/diagnose.hpp"

#include <algorithm>
#include <array>

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

}  // namespace

std::vector<Finding> diagnose(const Observation& seen) {
  Scene scene{seen, shares_of(seen), std::nullopt};
  if (seen.kernels != nullptr) scene.trace = traced(*seen.kernels, seen.uuid);
  std::vector<Finding> found;
  if (seen.sample.presence != sample::Presence::ok) return found;  // its readings are not of now
  for (const Rule rule : kRules)
    if (auto finding = rule(scene)) found.push_back(std::move(*finding));
  std::ranges::stable_sort(found, std::greater{}, weight_of);
  return found;
}

}  // namespace assay::causes
