// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "assay/catalog/sm_limits.hpp"

// How many blocks of a kernel one SM holds at once, by CUDA's own allocation rules, as
// cudaOccupancyMaxActiveBlocksPerMultiprocessor reckons (cuda_occupancy.h of CUDA 13.0), with the
// largest shared-memory carve-out and opted in to the largest shared memory a block.
namespace assay::sim {

struct BlockShape {
  int threads = 1;                 // 1..1024
  int registers = 32;              // a thread, 0..255; 0: the kernel uses none
  std::int64_t shared_memory = 0;  // bytes a block, static and dynamic together
};

// What keeps an SM from holding one block more.
enum class OccupancyLimit : std::uint8_t { warps, blocks, registers, shared_memory };

struct Occupancy {
  int blocks_per_sm = 0;  // 0: such a block fits no SM
  int warps_per_block = 0;
  OccupancyLimit limit = OccupancyLimit::warps;  // the first of several
};

// What one block takes of an SM; slots of different kernels may be added up.
struct BlockFootprint {
  int warps = 0;
  int registers = 0;               // as allocated, with rounding
  std::int64_t shared_memory = 0;  // as allocated, with the driver's share and rounding
};

// Shapes out of range fit no SM: blocks_per_sm = 0, and limit is what is out of range.
Occupancy occupancy(const BlockShape& shape, const catalog::SmLimits& limits);
BlockFootprint footprint(const BlockShape& shape, const catalog::SmLimits& limits);

}  // namespace assay::sim
