// SPDX-License-Identifier: Apache-2.0
#include "assay/nvml_sim/board.hpp"

#include <gtest/gtest.h>

#include "assay/nvml_sim/fixture_for_tests.hpp"

namespace assay::nvml_sim {
namespace {

struct OneBoard {
  explicit OneBoard(sim::DevicePlan plan)
      : scenario(scenario_of({std::move(plan)})),
        world(sim::World::make(scenario)),
        board(world.device(0), *scenario.devices[0].plan) {}
  sim::Scenario scenario;
  sim::World world;
  Board board;
};

// 30 ms of work, 70 ms of nothing.
sim::DevicePlan third_busy() {
  sim::DevicePlan plan = plan_of("h100-sxm5-80gb");
  add(plan, {.grid = 132, .busy_ns = milliseconds_ns(30), .gap_ns = milliseconds_ns(70)});
  return plan;
}

TEST(Board, WindowsAreAsLongAsTheChipsAndSayHowBusyItWas) {
  OneBoard one(third_busy());
  one.board.advance_to(milliseconds_ns(2050));
  ASSERT_EQ(one.board.window_ns(), milliseconds_ns(200));
  const auto windows = one.board.windows();
  ASSERT_EQ(windows.size(), 10U);
  for (const Window& window : windows) {
    EXPECT_EQ(window.end_ns - window.begin_ns, milliseconds_ns(200));
    EXPECT_NEAR(window.busy, 0.3, 0.01);
    ASSERT_EQ(window.processes.size(), 1U);
    EXPECT_NEAR(window.processes[0].compute, 0.3, 0.01);
  }
  EXPECT_EQ(one.board.latest().end_ns, milliseconds_ns(2000));
}

TEST(Board, BeforeTheFirstWindowEndsItShowsWhatThereIs) {
  OneBoard one(busy_h100());
  EXPECT_EQ(one.board.latest().busy, 0.0);
  one.board.advance_to(milliseconds_ns(50));
  EXPECT_NEAR(one.board.latest().busy, 1.0, 0.01);
}

TEST(Board, HowOftenItIsAskedChangesNothing) {
  OneBoard often(third_busy());
  OneBoard once(third_busy());
  const std::int64_t end = milliseconds_ns(40'370);
  for (std::int64_t t = 0; t <= end; t += milliseconds_ns(37)) often.board.advance_to(t);
  often.board.advance_to(end);
  once.board.advance_to(end);
  ASSERT_EQ(often.board.windows().size(), kSampleDepth);
  ASSERT_EQ(once.board.windows().size(), kSampleDepth);
  for (std::size_t i = 0; i < kSampleDepth; ++i) {
    EXPECT_EQ(often.board.windows()[i].end_ns, once.board.windows()[i].end_ns);
    EXPECT_EQ(often.board.windows()[i].busy, once.board.windows()[i].busy);
    EXPECT_EQ(often.board.windows()[i].watts, once.board.windows()[i].watts);
  }
  EXPECT_EQ(often.board.gpm().at_ns, once.board.gpm().at_ns);
  EXPECT_EQ(often.board.gpm().counters, once.board.gpm().counters);
  EXPECT_EQ(often.board.millijoules(), once.board.millijoules());
}

TEST(Board, GpmCountersStandStillBetweenRefreshes) {
  OneBoard one(busy_h100());
  one.board.advance_to(milliseconds_ns(350));
  EXPECT_EQ(one.board.gpm().at_ns, milliseconds_ns(300));
  const sim::Integrals seen = one.board.gpm().counters;
  one.board.advance_to(milliseconds_ns(399));
  EXPECT_EQ(one.board.gpm().counters, seen);
  one.board.advance_to(milliseconds_ns(400));
  EXPECT_EQ(one.board.gpm().at_ns, milliseconds_ns(400));
  EXPECT_NE(one.board.gpm().counters, seen);
}

TEST(Board, MeanPowerIsThatOfTheLastSecond) {
  sim::DevicePlan plan = plan_of("h100-sxm5-80gb");
  add(plan, {.grid = 132, .threads = 1024, .start_ns = milliseconds_ns(5000)});
  OneBoard one(std::move(plan));
  one.board.advance_to(milliseconds_ns(4990));
  const double idle = one.board.mean_watts();
  const std::uint64_t before = one.board.millijoules();
  one.board.advance_to(milliseconds_ns(5990));
  const double spent = static_cast<double>(one.board.millijoules() - before) * 1e-3;
  EXPECT_NEAR(one.board.mean_watts(), spent, 0.02 * spent);
  EXPECT_GT(one.board.mean_watts(), idle + 10);
}

TEST(Board, TimeThatGoesBackLeavesItWhereItIs) {
  OneBoard one(busy_h100());
  one.board.advance_to(milliseconds_ns(500));
  one.board.advance_to(milliseconds_ns(100));
  EXPECT_EQ(one.board.device().now_ns(), milliseconds_ns(500));
}

TEST(Board, ReloadedDriverHasEmptyBuffersAndCountsEnergyAnew) {
  sim::DevicePlan plan = busy_h100();
  plan.events.push_back({.at_ns = milliseconds_ns(1000), .kind = sim::EventKind::driver_unload});
  plan.events.push_back({.at_ns = milliseconds_ns(1500), .kind = sim::EventKind::driver_load});
  OneBoard one(std::move(plan));
  one.board.advance_to(milliseconds_ns(990));
  EXPECT_EQ(one.board.windows().size(), 4U);
  const std::uint64_t before = one.board.millijoules();
  one.board.advance_to(milliseconds_ns(1590));
  EXPECT_TRUE(one.board.windows().empty());
  EXPECT_LT(one.board.millijoules(), before);
  one.board.advance_to(milliseconds_ns(2050));
  for (const Window& window : one.board.windows())
    EXPECT_GE(window.begin_ns, milliseconds_ns(1500));
  EXPECT_FALSE(one.board.windows().empty());
}

}  // namespace
}  // namespace assay::nvml_sim
