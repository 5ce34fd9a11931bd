// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/occupancy.hpp"

#include <gtest/gtest.h>

#include <array>

namespace assay::sim {
namespace {

struct Golden {
  int major, minor;
  BlockShape shape;
  int blocks;
};

// What cudaOccMaxActiveBlocksPerMultiprocessor of CUDA 13.0's cuda_occupancy.h answers, opted in to
// the largest shared memory with the largest carve-out.
constexpr std::array kGolden{
    Golden{9, 0, {1, 16, 0}, 32},       Golden{9, 0, {1024, 32, 0}, 2},
    Golden{9, 0, {1024, 33, 0}, 1},     Golden{9, 0, {1024, 65, 0}, 0},
    Golden{9, 0, {256, 64, 0}, 4},      Golden{9, 0, {288, 168, 204800}, 1},
    Golden{9, 0, {384, 168, 0}, 1},     Golden{9, 0, {96, 255, 0}, 2},
    Golden{9, 0, {128, 32, 28161}, 7},  Golden{9, 0, {128, 32, 232448}, 1},
    Golden{9, 0, {128, 32, 232449}, 0}, Golden{9, 0, {33, 200, 1000}, 4},
    Golden{7, 0, {128, 32, 12288}, 8},  Golden{7, 0, {128, 32, 12289}, 7},
    Golden{7, 5, {128, 32, 0}, 8},      Golden{8, 0, {128, 32, 0}, 16},
    Golden{8, 6, {128, 32, 101376}, 1}, Golden{8, 9, {32, 16, 0}, 24},
    Golden{6, 0, {672, 80, 0}, 1},      Golden{6, 0, {768, 96, 0}, 0},
    Golden{6, 1, {128, 32, 49153}, 0},  Golden{12, 0, {64, 32, 3000}, 24},
    Golden{12, 1, {512, 48, 20000}, 2}, Golden{10, 0, {64, 0, 0}, 32},
};

TEST(Occupancy, IsCudasOwn) {
  for (const Golden& golden : kGolden) {
    const auto limits = catalog::sm_limits(golden.major, golden.minor);
    ASSERT_TRUE(limits);
    EXPECT_EQ(occupancy(golden.shape, *limits).blocks_per_sm, golden.blocks)
        << golden.major << '.' << golden.minor << ": " << golden.shape.threads << " threads, "
        << golden.shape.registers << " registers, " << golden.shape.shared_memory << " bytes";
  }
}

TEST(Occupancy, NamesWhatLimitsIt) {
  const auto h100 = *catalog::sm_limits(9, 0);
  EXPECT_EQ(occupancy({1024, 32, 0}, h100).limit, OccupancyLimit::warps);
  EXPECT_EQ(occupancy({32, 16, 0}, h100).limit, OccupancyLimit::blocks);
  EXPECT_EQ(occupancy({256, 128, 0}, h100).limit, OccupancyLimit::registers);
  EXPECT_EQ(occupancy({256, 32, 100000}, h100).limit, OccupancyLimit::shared_memory);
}

TEST(Occupancy, WhatIsNoBlockFitsNowhere) {
  const auto h100 = *catalog::sm_limits(9, 0);
  for (const BlockShape shape :
       {BlockShape{0, 32, 0}, BlockShape{1025, 32, 0}, BlockShape{32, -1, 0},
        BlockShape{32, 256, 0}, BlockShape{32, 32, -1}}) {
    EXPECT_EQ(occupancy(shape, h100).blocks_per_sm, 0);
  }
}

TEST(Footprint, RoundsAsTheHardwareDoes) {
  const auto h100 = *catalog::sm_limits(9, 0);
  const BlockFootprint block = footprint({33, 33, 1}, h100);
  EXPECT_EQ(block.warps, 2);
  EXPECT_EQ(block.registers, 2 * 1280);        // 33 x 32 = 1056, by 256
  EXPECT_EQ(block.shared_memory, 1024 + 128);  // 1 KiB for the driver, by 128
}

}  // namespace
}  // namespace assay::sim
