// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "assay/nvml_sim/links.hpp"
#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {
namespace {

constexpr u32 kPcieCounters = 2;    // nvmlPcieUtilCounter_t: sent, received
constexpr u32 kNvlinkCounters = 5;  // nvmlNvLinkErrorCounter_t

u32 kib_per_second(double bytes_per_second) {
  return static_cast<u32>(std::lround(bytes_per_second / 1024.0));
}

}  // namespace

Return Nvml::pcie_generation(Device device, u32* out) {
  return give(device, out,
              [](const Board& board) { return pcie_generation_of(*board.facts().chip); });
}
Return Nvml::pcie_width(Device device, u32* out) {
  return give(device, out, [](const Board& board) { return pcie_lanes_of(*board.facts().chip); });
}
// A driver measures for 20 ms while the caller waits; this is the last sampling window.
Return Nvml::pcie_throughput(Device device, u32 counter, u32* out) {
  return on(device, [&](const Board& board) {
    if (out == nullptr || counter >= kPcieCounters) return Return::invalid_argument;
    const Window window = board.latest();
    *out = kib_per_second(counter == 0 ? window.pcie_tx : window.pcie_rx);
    return Return::success;
  });
}
Return Nvml::pcie_replays(Device device, u32* out) {  // the simulated link is sound
  return give(device, out, [](const Board&) { return 0U; });
}

Return Nvml::nvlink_state(Device device, u32 link, u32* out) {
  return give(device, out, [link](const Board& board) -> std::optional<u32> {
    if (link >= nvlinks_of(*board.facts().chip)) return std::nullopt;
    return 1U;
  });
}
Return Nvml::nvlink_version(Device device, u32 link, u32* out) {
  return give(device, out, [link](const Board& board) -> std::optional<u32> {
    if (link >= nvlinks_of(*board.facts().chip)) return std::nullopt;
    return nvlink_version_of(*board.facts().chip);
  });
}
Return Nvml::nvlink_errors(Device device, u32 link, u32 counter, u64* out) {
  return on(device, [&](const Board& board) {
    if (out == nullptr || link >= kMostNvlinks || counter >= kNvlinkCounters)
      return Return::invalid_argument;
    if (link >= nvlinks_of(*board.facts().chip)) return Return::not_supported;
    *out = 0;  // the simulated links are sound
    return Return::success;
  });
}

}  // namespace assay::nvml_sim
