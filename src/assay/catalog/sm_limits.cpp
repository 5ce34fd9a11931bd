// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/sm_limits.hpp"

#include <array>

namespace assay::catalog {
namespace {

constexpr int kKib = 1024;

// What all of them share since Pascal: 64 K registers, given out by 256 (cuda_occupancy.h,
// cudaOccRegAllocationGranularity); warps of a block rounded up to the SM's quarters, halves on
// 6.0 (cudaOccSubPartitionsPerMultiprocessor).
constexpr SmLimits row(int major, int minor, int warps, int blocks, int shared_kib,
                       int shared_block_kib, int fp32, std::optional<int> fp64, int tensor) {
  const int partitions = major == 6 && minor == 0 ? 2 : 4;
  return {.major = major,
          .minor = minor,
          .max_warps = warps,
          .max_blocks = blocks,
          .max_threads = warps * kWarpSize,
          .registers = 64 * 1024,
          .registers_per_block = 64 * 1024,
          .register_allocation_unit = 256,
          .warp_allocation_granularity = partitions,
          .shared_memory = shared_kib * kKib,
          .shared_memory_per_block = shared_block_kib * kKib,
          // From Ampere on the driver keeps 1 KiB of each block's share for itself.
          .shared_memory_reserved = major >= 8 ? kKib : 0,
          .shared_memory_allocation_unit = major >= 8 ? 128 : 256,
          .schedulers = partitions,
          .fp32_lanes = fp32,
          .fp64_lanes = fp64,
          .tensor_cores = tensor};
}

// 6.2 (TX2) is left out: its limits could not be read in either source. The vendor's throughput
// table gives no fp64 rate for the Tegra chips 7.2, 10.1 and 11.0. 10.1 is what CUDA 12 called
// 11.0. 10.3 has the fp64 rate of 1.2 TFLOP/s that NVIDIA states for B300: 2 lanes.
constexpr std::array kTable{
    //  cc    warps blocks KiB  /block fp32 fp64          tensor
    row(6, 0, 64, 32, 64, 48, 64, 32, 0),     row(6, 1, 64, 32, 96, 48, 128, 4, 0),
    row(7, 0, 64, 32, 96, 96, 64, 32, 8),     row(7, 2, 64, 32, 96, 96, 64, std::nullopt, 8),
    row(7, 5, 32, 16, 64, 64, 64, 2, 8),      row(8, 0, 64, 32, 164, 163, 64, 32, 4),
    row(8, 6, 48, 16, 100, 99, 128, 2, 4),    row(8, 7, 48, 16, 164, 163, 128, 2, 4),
    row(8, 9, 48, 24, 100, 99, 128, 2, 4),    row(9, 0, 64, 32, 228, 227, 128, 64, 4),
    row(10, 0, 64, 32, 228, 227, 128, 64, 4), row(10, 1, 48, 24, 228, 227, 128, std::nullopt, 4),
    row(10, 3, 64, 32, 228, 227, 128, 2, 4),  row(11, 0, 48, 24, 228, 227, 128, std::nullopt, 4),
    row(12, 0, 48, 24, 100, 99, 128, 2, 4),   row(12, 1, 48, 24, 100, 99, 128, 2, 4),
};

}  // namespace

std::optional<SmLimits> sm_limits(int major, int minor) {
  for (const SmLimits& limits : kTable) {
    if (limits.major == major && limits.minor == minor) return limits;
  }
  return std::nullopt;
}

}  // namespace assay::catalog
