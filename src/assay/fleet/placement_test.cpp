// SPDX-License-Identifier: Apache-2.0
#include "assay/fleet/placement.hpp"

#include <gtest/gtest.h>

#include <random>

namespace assay::fleet {
namespace {

constexpr double kGb = 1e9;

Load load(double gigabytes, double busy, const char* chip = "h100") {
  return {"GPU", chip, gigabytes * kGb, 80 * kGb, busy};
}

TEST(Placement, CountsSizesIdleAndFull) {
  const auto all = packings(
      {load(0.5, 0), load(20, 0.1), load(20, 0.1), load(79, 0.9), load(10, 0.5, "v100")}, {});
  ASSERT_EQ(all.size(), 1U);  // of the one v100 there is nothing to merge
  EXPECT_EQ(all[0].devices, 4);
  EXPECT_EQ(all[0].idle, 1);
  EXPECT_EQ(all[0].alone, 1);
  ASSERT_EQ(all[0].sizes.size(), 1U);
  EXPECT_EQ(all[0].sizes[0].count, 2);
  // Rounded up: 20 of 76 GB is 2.63 tenths, 0.1 of 0.8 is 1.25 tenths.
  EXPECT_EQ(all[0].sizes[0].memory, 3);
  EXPECT_EQ(all[0].sizes[0].busy, 2);
  ASSERT_EQ(all[0].patterns.size(), 1U);
  EXPECT_EQ(all[0].patterns[0].sizes, (std::vector<std::pair<int, int>>{{0, 2}}));
}

// Every pattern fits, none has room for another tenant, and each size is in one.
TEST(Placement, PatternsFitAndAreFull) {
  std::mt19937 random(20261129);
  for (int round = 0; round < 40; ++round) {
    std::vector<Load> loads;
    for (int i = 0; i < 300; ++i)
      loads.push_back(
          load(static_cast<double>(random() % 80), static_cast<double>(random() % 100) / 100));
    const PlacementLimits limits;
    const auto all = packings(loads, limits);
    ASSERT_EQ(all.size(), 1U);
    const Packing& packing = all[0];
    int counted = packing.idle + packing.alone;
    for (const auto& size : packing.sizes) counted += size.count;
    EXPECT_EQ(counted, 300);
    std::vector<bool> covered(packing.sizes.size());
    int steps = 0;
    for (const auto& size : packing.sizes) steps = std::max({steps, size.memory, size.busy});
    for (const auto& pattern : packing.patterns) {
      int memory = 0;
      int busy = 0;
      int tenants = 0;
      for (const auto& [size, count] : pattern.sizes) {
        const auto& s = packing.sizes[static_cast<std::size_t>(size)];
        memory += s.memory * count;
        busy += s.busy * count;
        tenants += count;
        covered[static_cast<std::size_t>(size)] = true;
      }
      EXPECT_LE(memory, steps);
      EXPECT_LE(busy, steps);
      EXPECT_LE(tenants, limits.tenants_most);
    }
    for (const bool yes : covered) EXPECT_TRUE(yes);
  }
}

TEST(Placement, LeavesOutDevicesThatAreNotKnownOrGone) {
  const auto answer = [](std::vector<std::pair<const char*, double>> rows) {
    Answer out;
    for (const auto& [uuid, value] : rows)
      out.rows.push_back({{{"uuid", uuid}, {"chip", "h100"}}, value});
    return out;
  };
  std::size_t unknown = 0;
  // Of b it is not known for how long it was busy; gone was there earlier in the window.
  const LoadAnswers answers{
      answer({{"a", 20}, {"b", 20}}), answer({{"a", 1}, {"b", 2}, {"gone", 3}}),
      answer({{"a", 10}, {"b", 10}, {"gone", 10}}), answer({{"a", 0.5}, {"gone", 0.5}})};
  const auto found = loads(Names::assay, answers, unknown);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].uuid, "a");
  EXPECT_EQ(found[0].chip, "h100");
  EXPECT_EQ(found[0].memory_bytes, 1);
  EXPECT_EQ(found[0].busy, 0.5);
  EXPECT_EQ(unknown, 1U);
}

}  // namespace
}  // namespace assay::fleet
