// SPDX-License-Identifier: Apache-2.0
#include "assay/kernels/fill.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "assay/kernels/ranking.hpp"

namespace assay::kernels {
namespace {

constexpr int kSms = 132;

catalog::SmLimits hopper() { return *catalog::sm_limits(9, 0); }

sample::KernelSignature kernel(std::uint32_t blocks, std::uint32_t threads,
                               std::uint32_t registers = 16) {
  return {.name = "k", .grid = {blocks, 1, 1}, .block = {threads, 1, 1}, .registers = registers};
}

TEST(Fill, OneThreadLeavesAllSmsButOneEmpty) {
  const auto fill = fill_of(kernel(1, 1), kSms, hopper());
  ASSERT_TRUE(fill);
  EXPECT_EQ(fill->blocks_per_sm, 32);
  EXPECT_EQ(fill->limit, sim::OccupancyLimit::blocks);
  EXPECT_DOUBLE_EQ(fill->empty_sms.value(), 131.0 / 132);
  EXPECT_DOUBLE_EQ(fill->tail_loss.value(), 0);
  EXPECT_NEAR(fill->waves, 1.0 / (32 * 132), 1e-12);
}

TEST(Fill, OneBlockAnSmWastesNothingThoughOccupancyIsLow) {
  const auto fill = fill_of(kernel(132, 256, 255), kSms, hopper());
  ASSERT_TRUE(fill);
  EXPECT_EQ(fill->blocks_per_sm, 1);
  EXPECT_DOUBLE_EQ(fill->occupancy.value(), 8.0 / 64);
  EXPECT_DOUBLE_EQ(fill->empty_sms.value(), 0);
}

TEST(Fill, TheTailOfTwoWavesIsHalfTheTime) {
  // 1024 threads: 2 blocks an SM, 264 at once; 1 block more makes a second wave for one SM.
  const auto fill = fill_of(kernel(265, 1024), kSms, hopper());
  ASSERT_TRUE(fill);
  EXPECT_NEAR(fill->waves, 265.0 / 264, 1e-12);
  EXPECT_NEAR(fill->tail_loss.value(), 1 - 265.0 / 528, 1e-12);
  EXPECT_NEAR(fill->empty_sms.value(), 131.0 / 132 / 2, 1e-12);
  // A tail that gives every SM a block leaves slots free, but no SM empty.
  const auto half = fill_of(kernel(264 + 132, 1024), kSms, hopper());
  EXPECT_NEAR(half->tail_loss.value(), 0.25, 1e-12);
  EXPECT_DOUBLE_EQ(half->empty_sms.value(), 0);
}

TEST(Fill, IsUnknownRatherThanGuessed) {
  EXPECT_FALSE(fill_of(kernel(1, 2048), kSms, hopper()));
  EXPECT_FALSE(fill_of(kernel(1, 32), 0, hopper()));
  sample::KernelSignature graph = kernel(1, 32);
  graph.whole_graph = true;
  EXPECT_FALSE(fill_of(graph, kSms, hopper()));
  EXPECT_FALSE(fill_of(kernel(1, 32), sample::TracedDevice{.sm_count = 132}));
}

RC_GTEST_PROP(Fill, SharesAreShares, ()) {
  const auto blocks = *rc::gen::inRange<std::uint32_t>(1, 1'000'000);
  const auto threads = *rc::gen::inRange<std::uint32_t>(1, 1025);
  const auto fill = fill_of(kernel(blocks, threads), *rc::gen::inRange(1, 200), hopper());
  RC_ASSERT(fill.has_value());
  for (const Ratio share : {fill->occupancy, fill->tail_loss, fill->empty_sms})
    RC_ASSERT(share.value() >= -1e-12 && share.value() <= 1 + 1e-12);
  // An empty SM has its slots free: what the tail leaves empty is part of what it leaves free.
  if (fill->waves > 1) RC_ASSERT(fill->empty_sms.value() <= fill->tail_loss.value() + 1e-12);
}

TEST(Ranked, ByWasteNotByTime) {
  sample::KernelTable table;
  table.devices = {{.cc_major = 9, .cc_minor = 0, .sm_count = kSms}, {.name = "unknown"}};
  table.scale = 2;
  table.rows = {{.signature = kernel(132, 256), .launches = 1, .total = Seconds(9)},
                {.signature = kernel(1, 256), .launches = 3, .total = Seconds(1)},
                {.signature = kernel(1, 256), .launches = 1, .total = Seconds(0.5)}};
  table.rows[2].signature.device = 1;
  const auto order = ranked(table);
  ASSERT_EQ(order.size(), 3U);
  EXPECT_EQ(order[0].row, &table.rows[1]);
  EXPECT_DOUBLE_EQ(order[0].wasted->value(), 2 * 131.0 / 132);
  EXPECT_DOUBLE_EQ(order[0].launches, 6);
  EXPECT_EQ(order[1].row, &table.rows[0]);
  EXPECT_EQ(order[2].row, &table.rows[2]);
  EXPECT_FALSE(order[2].wasted);
}

}  // namespace
}  // namespace assay::kernels
