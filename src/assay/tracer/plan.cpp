// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/plan.hpp"

#include <cstdlib>
#include <cstring>

#include "assay/trace_ring/layout.hpp"

namespace assay::tracer {
namespace {

std::uint32_t power_of_two_below(unsigned long value) {
  std::uint32_t power = trace_ring::kFewestSlots;
  while (power * 2UL <= value && power < trace_ring::kMostSlots) power *= 2;
  return power;
}

constexpr unsigned long kLongestMs = 60'000;

}  // namespace

Plan plan_from_environment() {
  Plan plan;
  plan.folder = std::getenv(trace_ring::kFolderVariable);
  const char* slots = std::getenv(trace_ring::kSlotsVariable);
  plan.slots = slots == nullptr ? trace_ring::kDefaultSlots
                                : power_of_two_below(std::strtoul(slots, nullptr, 10));
  const char* graphs = std::getenv(trace_ring::kGraphVariable);
  plan.whole_graphs = graphs != nullptr && std::strcmp(graphs, "whole") == 0;
  if (const char* kinds = std::getenv(trace_ring::kKindsVariable); kinds != nullptr) {
    const auto names = [kinds](char letter) { return std::strchr(kinds, letter) != nullptr; };
    plan.copies = names('c');
    plan.memsets = names('m');
    plan.peer_copies = names('p');
    plan.synchronization = names('s');
  }
  if (const char* bursts = std::getenv(trace_ring::kBurstVariable); bursts != nullptr) {
    char* rest = nullptr;
    const unsigned long on = std::strtoul(bursts, &rest, 10);
    const unsigned long every = *rest == '/' ? std::strtoul(rest + 1, nullptr, 10) : 0;
    if (on > 0 && on < every && every <= kLongestMs && !plan.whole_graphs) {
      plan.burst_ms = static_cast<std::uint32_t>(on);
      plan.every_ms = static_cast<std::uint32_t>(every);
    }
  }
  return plan;
}

}  // namespace assay::tracer
