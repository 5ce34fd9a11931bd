// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay::causes {

// Why an accelerator does less than it could.
enum class Cause : std::uint8_t {
  held_idle,            // a process holds the device and runs nothing
  launch_bound,         // many tiny kernels: the gaps between them cost more than they do
  host_bound,           // the device waits for the host: input, synchronization
  transfer_bound,       // the device waits for copies over PCIe
  communication_bound,  // the device waits for its peers
  grid_too_small,       // fewer blocks than the SMs could hold
  tail_wave,            // the last wave of blocks leaves SMs empty
  latency_bound,        // warps are resident, but wait for memory or each other
  dram_bound,           // memory bandwidth is what is used up
  wrong_pipe,           // arithmetic on the vector pipes that matrix units could do
  divergent_lanes,      // warps run with many of their lanes off
  throttled,            // the clock is held down
  spinning,             // instructions that touch no memory: a wait loop or a deadlock
  healthy,              // the busiest part runs near its peak
};
inline constexpr std::size_t kCauseCount = 14;

struct CauseInfo {
  Cause cause;
  std::string_view id;       // "grid-too-small": the word in the JSON and the page's file name
  std::string_view title;    // for people: "grid too small"
  std::string_view meaning;  // one sentence
  std::span<const std::string_view> remedies;  // what to try, best first
};

const CauseInfo& info(Cause cause);
std::span<const CauseInfo> all();
std::optional<Cause> parse(std::string_view id);
// "docs/causes/grid-too-small.md"
std::string page_of(Cause cause);

}  // namespace assay::causes
