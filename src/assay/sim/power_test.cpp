// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/power.hpp"

#include <gtest/gtest.h>

#include "assay/sim/climate.hpp"
#include "assay/sim/scenario.hpp"
#include "assay/sim/world_test.hpp"

namespace assay::sim {
namespace {

PowerModel model_of(const char* id) {
  const catalog::Chip& chip = *chips().find(id);
  return PowerModel(chip, chip.max_clock->value);
}

TEST(Power, EachActivityCostsSomething) {
  const PowerModel model = model_of("h100-sxm5-80gb");
  const double idle = model.watts({}, 1.98);
  for (std::size_t i = 0; i < kPipeCount; ++i) {
    Activity activity;
    activity.pipe[i] = 1;
    EXPECT_GT(model.watts(activity, 1.98), idle + 100);
  }
  EXPECT_GT(model.watts({.dram = 1}, 1.98), idle + 300);
  EXPECT_GT(model.watts({.pcie_bytes_s = 50e9}, 1.98), idle + 3);
}

TEST(Power, FallsFasterThanTheClock) {
  const PowerModel model = model_of("h100-sxm5-80gb");
  EXPECT_NEAR(model.clock_factor(1.98), 1, 1e-12);
  EXPECT_LT(model.clock_factor(0.99), 0.5);
  EXPECT_NEAR(model.watts({}, 0.345), 72, 0.5);
}

TEST(Power, ScalesWithTheBoard) {
  const double h100 = model_of("h100-sxm5-80gb").watts({}, 1.98);
  const catalog::Chip& l4 = *chips().find("l4");
  const double small =
      PowerModel(l4, l4.max_clock->value).watts({}, l4.max_clock->value.value() * 1e-9);
  EXPECT_NEAR(small / h100, 72.0 / 700.0, 1e-9);
}

TEST(Power, IdleLanesCostLess) {
  EXPECT_EQ(PowerModel::lane_weight(32), 1);
  EXPECT_LT(PowerModel::lane_weight(1), 0.9);
  EXPECT_GT(PowerModel::lane_weight(1), 0.7);
}

TEST(Thermal, UntilIsWhenAfterGetsThere) {
  const ThermalModel model(Watts(700));
  const double seconds = model.until(50, 87, 55, 700);
  ASSERT_GT(seconds, 0);
  EXPECT_NEAR(model.after(50, 55, 700, seconds), 87, 1e-9);
  EXPECT_LT(model.until(50, 87, 30, 700), 0);  // settles at 70
  EXPECT_LT(model.until(90, 87, 55, 700), 0);  // is past it
}

TEST(Climate, LiftsItsCapWhenItHasCooled) {
  const ThermalModel thermal(Watts(700));
  Climate climate(thermal, model_of("h100-sxm5-80gb"), megahertz(1980), 60, 72);
  EXPECT_FALSE(climate.capped());
  const std::int64_t hot = climate.due(700);
  ASSERT_NE(hot, kNever);
  EXPECT_TRUE(climate.checkpoint(hot, 700, 1.37));
  EXPECT_TRUE(climate.capped());
  const std::int64_t cool = climate.due(100);
  ASSERT_NE(cool, kNever);
  EXPECT_TRUE(climate.checkpoint(cool, 100, 1.0));
  EXPECT_FALSE(climate.capped());
}

}  // namespace
}  // namespace assay::sim
