// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/sm_limits.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace assay::catalog {
namespace {

constexpr std::array<std::pair<int, int>, 16> kKnown{{{6, 0},
                                                      {6, 1},
                                                      {7, 0},
                                                      {7, 2},
                                                      {7, 5},
                                                      {8, 0},
                                                      {8, 6},
                                                      {8, 7},
                                                      {8, 9},
                                                      {9, 0},
                                                      {10, 0},
                                                      {10, 1},
                                                      {10, 3},
                                                      {11, 0},
                                                      {12, 0},
                                                      {12, 1}}};

TEST(SmLimits, HopperAsThePublishedTableSays) {
  const auto limits = sm_limits(9, 0);
  ASSERT_TRUE(limits.has_value());
  EXPECT_EQ(limits->max_warps, 64);
  EXPECT_EQ(limits->max_blocks, 32);
  EXPECT_EQ(limits->max_threads, 2048);
  EXPECT_EQ(limits->registers, 65536);
  EXPECT_EQ(limits->shared_memory, 233472);            // 228 KiB
  EXPECT_EQ(limits->shared_memory_per_block, 232448);  // 227 KiB
  EXPECT_EQ(limits->shared_memory_reserved, 1024);
  EXPECT_EQ(limits->register_allocation_unit, 256);
  EXPECT_EQ(limits->warp_allocation_granularity, 4);
  EXPECT_EQ(limits->fp32_lanes, 128);
  EXPECT_EQ(limits->fp64_lanes, 64);
}

TEST(SmLimits, WhatSetsTheGenerationsApart) {
  EXPECT_EQ(sm_limits(7, 5)->max_warps, 32);
  EXPECT_EQ(sm_limits(7, 5)->max_blocks, 16);
  EXPECT_EQ(sm_limits(8, 0)->max_warps, 64);
  EXPECT_EQ(sm_limits(8, 6)->max_warps, 48);
  EXPECT_EQ(sm_limits(8, 6)->max_blocks, 16);
  EXPECT_EQ(sm_limits(8, 9)->max_blocks, 24);
  EXPECT_EQ(sm_limits(12, 0)->max_blocks, 24);
  EXPECT_EQ(sm_limits(12, 0)->shared_memory, 102400);
  EXPECT_EQ(sm_limits(7, 0)->shared_memory_reserved, 0);
  EXPECT_EQ(sm_limits(7, 0)->shared_memory_allocation_unit, 256);
  EXPECT_EQ(sm_limits(8, 0)->shared_memory_allocation_unit, 128);
  EXPECT_EQ(sm_limits(6, 0)->warp_allocation_granularity, 2);
  EXPECT_EQ(sm_limits(6, 1)->warp_allocation_granularity, 4);
  EXPECT_EQ(sm_limits(6, 1)->tensor_cores, 0);
  EXPECT_EQ(sm_limits(10, 0)->fp64_lanes, 64);
  EXPECT_EQ(sm_limits(10, 3)->fp64_lanes, 2) << "Blackwell Ultra gave fp64 up";
  EXPECT_FALSE(sm_limits(11, 0)->fp64_lanes.has_value());
}

TEST(SmLimits, HoldTogetherForEachChip) {
  for (const auto& [major, minor] : kKnown) {
    SCOPED_TRACE(testing::Message() << major << "." << minor);
    const auto limits = sm_limits(major, minor);
    ASSERT_TRUE(limits.has_value());
    EXPECT_EQ(limits->major, major);
    EXPECT_EQ(limits->minor, minor);
    EXPECT_EQ(limits->max_threads, limits->max_warps * kWarpSize);
    EXPECT_GE(limits->max_threads, kMaxThreadsPerBlock);
    EXPECT_LE(limits->shared_memory_per_block + limits->shared_memory_reserved,
              limits->shared_memory);
    EXPECT_EQ(limits->fp32_lanes % (limits->schedulers * 16), 0);
    EXPECT_LE(limits->fp64_lanes.value_or(0), limits->fp32_lanes);
  }
}

TEST(SmLimits, AnUnknownCapabilityIsNeverTheNearestOnes) {
  for (const auto& [major, minor] :
       {std::pair{5, 2}, {6, 2}, {9, 1}, {13, 0}, {0, 0}, {-1, 3}, {8, 8}}) {
    EXPECT_FALSE(sm_limits(major, minor).has_value()) << major << "." << minor;
  }
}

}  // namespace
}  // namespace assay::catalog
