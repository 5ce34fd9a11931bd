// SPDX-License-Identifier: Apache-2.0
#include "assay/causes/diagnose.hpp"

#include <algorithm>
#include <array>

#include "assay/causes/rules.hpp"

namespace assay::causes {
namespace {

constexpr std::array<Rule, 12> kRules = {
    held_idle,     launch_bound, host_bound, transfer_bound, communication_bound, grid_too_small,
    latency_bound, spinning,     dram_bound, wrong_pipe,     throttled,           healthy};

}  // namespace

std::vector<Finding> diagnose(const Observation& seen) {
  const Scene scene{seen, shares_of(seen)};
  std::vector<Finding> found;
  if (seen.sample.presence != sample::Presence::ok) return found;  // its readings are not of now
  for (const Rule rule : kRules)
    if (auto finding = rule(scene)) found.push_back(std::move(*finding));
  std::ranges::stable_sort(found, std::greater{},
                           [](const Finding& f) { return f.confidence * f.share; });
  return found;
}

}  // namespace assay::causes
