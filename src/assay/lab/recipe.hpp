// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "assay/lab/cuda.hpp"
#include "assay/units/units.hpp"

namespace assay::lab {

enum class Grid : std::uint8_t { one, half_the_sms, all_sms, twice_the_sms };

// What a kernel wants on the device: nothing, a buffer far over L2, two of them, or the operands of
// one warp tile.
enum class Operands : std::uint8_t { none, stream, stream_pair, fragments };

// A kernel of one long launch that ends itself. The figures per unit of Control::work mirror the
// loops in kernels/*.cu.
struct Recipe {
  std::string_view id;
  Function function;
  Grid grid;
  int block;
  Operands operands;
  double flops_per_work;
  double dram_bytes_per_work;   // read + written
  double min_cycles_per_round;  // no chip can be faster: scales the second fuse
};

// A block of dram-read and dram-copy walks chunks of this many bytes (kChunkWords in memory.cu).
inline constexpr std::uint64_t kChunkBytes = 512 * 4 * 16;

std::span<const Recipe> recipes();
// nullptr: not a single-launch kernel.
const Recipe* find_recipe(std::string_view id);

// At least 1.
int grid_size(Grid grid, int sm_count);

// Rounds after which the kernel ends even if the device's clock stands still: never before twice
// the duration at 4 GHz, above any GPU's clock.
std::uint64_t fuse_rounds(const Recipe& recipe, Seconds duration);

}  // namespace assay::lab
