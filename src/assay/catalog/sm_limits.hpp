// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

// Limits of one SM by compute capability. Sources: CUDA C++ Programming Guide, appendix "Compute
// Capabilities", tables of technical specifications and of arithmetic throughput; what those leave
// out (allocation units, blocks per SM of the newest chips) as cuda_occupancy.h of CUDA 13.0
// reckons it.
namespace assay::catalog {

inline constexpr int kWarpSize = 32;
inline constexpr int kMaxThreadsPerBlock = 1024;
inline constexpr int kMaxRegistersPerThread = 255;

struct SmLimits {
  int major;
  int minor;
  int max_warps;                      // resident on an SM
  int max_blocks;                     // resident on an SM
  int max_threads;                    // resident on an SM = 32 x max_warps
  int registers;                      // 32-bit, of an SM
  int registers_per_block;            // at most
  int register_allocation_unit;       // registers are given to a warp in multiples of this
  int warp_allocation_granularity;    // warps of a block are rounded up to a multiple (SM quarters)
  int shared_memory;                  // bytes of an SM, at the largest carve-out
  int shared_memory_per_block;        // bytes, opted in to
  int shared_memory_reserved;         // bytes that the driver adds to each block
  int shared_memory_allocation_unit;  // bytes
  int schedulers;                     // sub-partitions: at most this many warps issue a cycle
  int fp32_lanes;                     // fp32 results a cycle: the vendor's "CUDA cores"
  std::optional<int> fp64_lanes;  // fp64 results a cycle, vector pipe; nothing where unpublished
  int tensor_cores;               // 0 before Volta

  friend bool operator==(const SmLimits&, const SmLimits&) = default;
};

// Nothing for a compute capability that the table does not hold: never the nearest one's.
std::optional<SmLimits> sm_limits(int major, int minor);

}  // namespace assay::catalog
