// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "assay/units/units.hpp"

namespace assay::sample {

// What the microscope can see of a whole device in each tick. Each is a share of its own peak,
// 0..1, but for lanes: the share of a warp's 32 lanes that an instruction used.
enum class Channel : std::uint8_t {
  sm_active,  // SM cycles with at least one warp
  dram,       // device memory, read and written
  dram_read,
  dram_write,
  occupancy,  // resident warps over the most there can be
  issue,      // issue slots used
  tensor,
  fp64,
  fma,  // fp32
  alu,  // integer and logic
  lanes,
  pcie,
  graphics,  // the compute and graphics engine: "busy"
};
inline constexpr std::size_t kChannelCount = 13;

std::string_view to_string(Channel channel);  // "sm_active", ...: as in the JSON

struct Tick {
  std::int64_t begin_ns = 0;  // of the device's own clock: only differences mean something
  std::int64_t end_ns = 0;
  std::array<float, kChannelCount> share{};  // NaN where the channel was not measured

  [[nodiscard]] float at(Channel channel) const { return share[static_cast<std::size_t>(channel)]; }
};

}  // namespace assay::sample
