// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/recipe.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::lab {
namespace {

constexpr double kLanes = 32;
constexpr double kChunkBytesPerRound = 16.0 * static_cast<double>(kChunkBytes);

// min_cycles_per_round: instructions of a round x warps of one block per scheduler x cycles an
// instruction takes at least. A full fp32 block puts 8 warps on each of 4 schedulers; a block's
// reads can't pass 128 bytes a cycle into its SM.
constexpr auto kRecipes = std::to_array<Recipe>({
    {"one-thread", Function::spin, Grid::one, 1, Operands::none, 0, 0, 16384},
    {"one-block", Function::spin, Grid::one, 1024, Operands::none, 0, 0, 16384},
    {"half-sms", Function::spin, Grid::half_the_sms, 1, Operands::none, 0, 0, 16384},
    {"all-sms", Function::spin, Grid::all_sms, 1, Operands::none, 0, 0, 16384},
    {"full-spin", Function::spin, Grid::twice_the_sms, 1024, Operands::none, 0, 0, 16384},
    {"fp32-fma", Function::fma32, Grid::twice_the_sms, 1024, Operands::none, 2 * 4096 * kLanes, 0,
     4096 * 8},
    {"fp64-fma", Function::fma64, Grid::twice_the_sms, 1024, Operands::none, 2 * 1024 * kLanes, 0,
     1024 * 8},
    {"tensor-mma", Function::mma, Grid::twice_the_sms, 256, Operands::fragments, 64 * 8 * 4096, 0,
     64 * 8 * 2 * 2},
    {"dram-copy", Function::dram_copy, Grid::twice_the_sms, 512, Operands::stream_pair, 0,
     2 * kChunkBytesPerRound, kChunkBytesPerRound / 128},
    {"dram-read", Function::dram_read, Grid::twice_the_sms, 512, Operands::stream, 0,
     kChunkBytesPerRound, kChunkBytesPerRound / 128},
    {"divergent", Function::divergent, Grid::twice_the_sms, 1024, Operands::none, 2 * 256 * kLanes,
     0, 32 * 256 * 8},
});

}  // namespace

std::span<const Recipe> recipes() { return kRecipes; }

const Recipe* find_recipe(std::string_view id) {
  const auto* found = std::ranges::find(kRecipes, id, &Recipe::id);
  return found != kRecipes.end() ? found : nullptr;
}

int grid_size(Grid grid, int sm_count) {
  switch (grid) {
    case Grid::one: return 1;
    case Grid::half_the_sms: return std::max(1, sm_count / 2);
    case Grid::all_sms: return std::max(1, sm_count);
    case Grid::twice_the_sms: return std::max(1, 2 * sm_count);
  }
  return 1;
}

std::uint64_t fuse_rounds(const Recipe& recipe, Seconds duration) {
  constexpr double kFastestClock = 4e9;
  constexpr double kMargin = 2;
  constexpr double kSpare = 16;  // so that a run of no length still enters its loop
  return static_cast<std::uint64_t>(
      std::ceil(kMargin * duration.value() * kFastestClock / recipe.min_cycles_per_round) + kSpare);
}

}  // namespace assay::lab
