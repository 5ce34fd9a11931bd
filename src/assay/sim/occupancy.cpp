// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/occupancy.hpp"

#include <algorithm>
#include <optional>

namespace assay::sim {
namespace {

using catalog::SmLimits;

template <typename T>
T round_up(T value, T unit) {
  return (value + unit - 1) / unit * unit;
}

int warps_of(const BlockShape& shape) {
  return (shape.threads + catalog::kWarpSize - 1) / catalog::kWarpSize;
}

int registers_per_warp(const BlockShape& shape, const SmLimits& limits) {
  return round_up(shape.registers * catalog::kWarpSize, limits.register_allocation_unit);
}

std::int64_t allocated_shared(const BlockShape& shape, const SmLimits& limits) {
  return round_up<std::int64_t>(shape.shared_memory + limits.shared_memory_reserved,
                                limits.shared_memory_allocation_unit);
}

// Registers belong to the SM's partitions, whole warps to one of them; and a launch is refused
// when its warps, spread evenly over the partitions, would overrun a block's share.
int register_limit(const BlockShape& shape, const SmLimits& limits, int partitions) {
  const int per_warp = registers_per_warp(shape, limits);
  if (per_warp == 0) return limits.max_blocks;
  const int warps = warps_of(shape);
  if (per_warp * round_up(warps, partitions) > limits.registers_per_block) return 0;
  const int warps_per_partition = limits.registers / partitions / per_warp;
  return warps_per_partition * partitions / warps;
}

int register_limit(const BlockShape& shape, const SmLimits& limits) {
  const int blocks = register_limit(shape, limits, limits.warp_allocation_granularity);
  // On 6.0 (two partitions) CUDA refuses what would not run on 6.1 (four).
  constexpr int kPartitionsElsewhere = 4;
  if (limits.major == 6 && register_limit(shape, limits, kPartitionsElsewhere) == 0) return 0;
  return blocks;
}

int shared_limit(const BlockShape& shape, const SmLimits& limits) {
  const std::int64_t allocated = allocated_shared(shape, limits);
  if (allocated > limits.shared_memory_per_block + limits.shared_memory_reserved) return 0;
  if (allocated == 0) return limits.max_blocks;
  return static_cast<int>(limits.shared_memory / allocated);
}

// What of the shape no chip knows.
std::optional<OccupancyLimit> out_of_range(const BlockShape& shape) {
  if (shape.threads < 1 || shape.threads > catalog::kMaxThreadsPerBlock)
    return OccupancyLimit::warps;
  if (shape.registers < 0 || shape.registers > catalog::kMaxRegistersPerThread)
    return OccupancyLimit::registers;
  if (shape.shared_memory < 0 || shape.shared_memory > (std::int64_t{1} << 30))
    return OccupancyLimit::shared_memory;
  return std::nullopt;
}

}  // namespace

Occupancy occupancy(const BlockShape& shape, const SmLimits& limits) {
  if (const auto why = out_of_range(shape)) return {.limit = *why};
  Occupancy out{.warps_per_block = warps_of(shape)};
  out.blocks_per_sm = limits.max_warps / out.warps_per_block;
  const auto at_most = [&out](int blocks, OccupancyLimit why) {
    if (blocks >= out.blocks_per_sm) return;
    out.blocks_per_sm = blocks;
    out.limit = why;
  };
  at_most(limits.max_blocks, OccupancyLimit::blocks);
  at_most(register_limit(shape, limits), OccupancyLimit::registers);
  at_most(shared_limit(shape, limits), OccupancyLimit::shared_memory);
  return out;
}

BlockFootprint footprint(const BlockShape& shape, const SmLimits& limits) {
  const int warps = warps_of(shape);
  return {.warps = warps,
          .registers = registers_per_warp(shape, limits) * warps,
          .shared_memory = allocated_shared(shape, limits)};
}

}  // namespace assay::sim
