// SPDX-License-Identifier: Apache-2.0
// State is a function of scenario and time: how a time is reached leaves no trace.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "assay/sim/random_scenario.hpp"
#include "assay/sim/world_test.hpp"

namespace assay::sim {
namespace {

void expect_same(const Device& a, const Device& b, std::string_view what) {
  EXPECT_EQ(a.integrals(), b.integrals()) << what << " at " << a.now_ns();
  const Moment x = a.moment();
  const Moment y = b.moment();
  EXPECT_EQ(x.sm_clock, y.sm_clock) << what;
  EXPECT_EQ(x.power, y.power) << what;
  EXPECT_EQ(x.temperature, y.temperature) << what;
  EXPECT_EQ(x.throttle, y.throttle) << what;
  EXPECT_EQ(x.memory_used, y.memory_used) << what;
  const auto p = a.processes();
  const auto q = b.processes();
  ASSERT_EQ(p.size(), q.size()) << what;
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_EQ(p[i].done, q[i].done) << what;
  EXPECT_EQ(a.log().size(), b.log().size()) << what;
}

// Three devices of one scenario: one goes in steps from a nanosecond up, one straight to each of a
// few moments, one to the end at once.
void expect_steps_do_not_matter(const World& world, std::int64_t end, int seed,
                                std::string_view what) {
  constexpr int kMoments = 5;
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  const auto up_to = [&](std::int64_t most) {
    return 1 + static_cast<std::int64_t>(random() >> 1U) % most;
  };
  Device stepped = world.device(0);
  Device direct = stepped;
  for (int i = 1; i <= kMoments; ++i) {
    const std::int64_t moment = end / kMoments * i;
    while (stepped.now_ns() < moment) {
      const std::int64_t left = moment - stepped.now_ns();
      stepped.advance_to(stepped.now_ns() +
                         up_to(std::max<std::int64_t>(1, left >> (random() % 6U))));
    }
    direct.advance_to(moment);
    expect_same(stepped, direct, what);
    if (testing::Test::HasFailure()) return;
  }
  Device at_once = world.device(0);
  at_once.advance_to(end / kMoments * kMoments);
  expect_same(stepped, at_once, what);
  Device foresighted = world.device(0);
  foresighted.look_ahead();
  for (int i = 1; i <= kMoments; ++i) {
    foresighted.advance_to(foresighted.now_ns() + up_to(end / kMoments));
    Device beside = world.device(0);
    beside.advance_to(foresighted.now_ns());
    expect_same(foresighted, beside, what);
    if (i == 2) foresighted.look_ahead(8, Foresight::courses);  // from the middle, too
  }
}

TEST(Determinism, StepsDoNotMatterInTheScenariosThatShip) {
  for (const std::string& name : embedded_scenarios()) {
    World world = World::make(*embedded_scenario(name));
    if (world.size() > 8) continue;
    expect_steps_do_not_matter(world, 130 * kSecond, 1, name);
  }
}

TEST(Determinism, NorInRandomOnes) {
  for (int seed = 0; seed < 20; ++seed) {
    const std::string text = random_scenario(static_cast<std::uint64_t>(seed));
    const World world = world_of(text);
    expect_steps_do_not_matter(world, 900 * kMs + seed, seed, text);
    if (HasFailure()) return;
  }
}

// A state that one comes back to while the engine changes hands must hold that blocks have left.
// Seed 6828 of the closed loop (test/truth) found it on this one.
TEST(Determinism, NorWhileTheEngineChangesHands) {
  const World world = world_of(R"(description = "two tenants"
[[kernel]]
name = "few"
block = 1
grid = 298
block_us = 1268
[[kernel]]
name = "never"
block = 512
grid = 3341
lanes = 14
endless = true
rate = { fp32 = 0.01 }
limit = { fp32 = 0.90 }
[[kernel]]
name = "linked"
block = 128
grid = 58
block_us = 590
total = { dram_read_mb = 1299, fp32_gflop = 95, nvlink_tx_mb = 148, nvlink_rx_mb = 146 }
[[kernel]]
name = "waves"
block = 512
grid_per_sm = 6
lanes = 21
rate = { int = 0.02 }
block_us = 833
total = { dram_read_mb = 2405, int_gop = 14 }
[[kernel]]
name = "full"
block = 512
grid_per_sm = 4
block_us = 1630
total = { fp32_gflop = 8 }
[[device]]
chip = "h100-sxm5-80gb"
[[device.process]]
name = "p0"
[[device.process.stream]]
name = "s0"
op = [
  { kernel = "few", gap_us = 0, times = 3 },
  { kernel = "never", gap_us = 1874, times = 3 },
  { kernel = "linked", gap_us = 29346, times = 2 },
]
[[device.process]]
name = "p1"
[[device.process.stream]]
name = "s0"
op = [
  { kernel = "waves", gap_us = 0, times = 2 },
  { kernel = "full", gap_us = 2892, times = 2 },
]
)");
  Device stepped = world.device(0);
  for (std::int64_t at = 10 * kMs; at <= kSecond; at += 10 * kMs) {
    stepped.advance_to(at);
    Device direct = world.device(0);
    direct.advance_to(at);
    expect_same(stepped, direct, "two tenants");
    if (HasFailure()) return;
  }
}

TEST(Determinism, TheSameSeedGivesTheSameWorld) {
  World a = World::make(*embedded_scenario("input-starved"));
  World b = World::make(*embedded_scenario("input-starved"));
  a.advance_to(7 * kSecond);
  b.advance_to(7 * kSecond);
  expect_same(a.device(0), b.device(0), "input-starved");
  EXPECT_EQ(a.device(0).facts().uuid, b.device(0).facts().uuid);
}

TEST(Determinism, AnotherSeedGivesAnotherWorld) {
  const std::string form = one_stream("[[kernel]]\nname = \"k\"\ngrid = 1\n",
                                      "{ kernel = \"k\", gap_us = 100 }", "jitter = 0.5\n");
  World a = world_of("seed = 1\n" + form);
  World b = world_of("seed = 2\n" + form);
  a.advance_to(kSecond);
  b.advance_to(kSecond);
  EXPECT_NE(a.device(0).integrals().launches, b.device(0).integrals().launches);
  EXPECT_NE(a.device(0).facts().uuid, b.device(0).facts().uuid);
}

// What is passed over by whole periods is what would have come. Boundaries that change nothing
// every 3 ms keep the other device from finding any period.
TEST(Repetition, IsWhatWouldHaveHappened) {
  std::string interruptions;
  for (int i = 1; i < 600; ++i) {
    interruptions += "[[device.event]]\nat_s = " + std::to_string(i * 0.003) +
                     "\nkind = \"power-cap\"\nwatts = 700\n";
  }
  for (int seed = 0; seed < 10; ++seed) {
    const std::string text = random_scenario(static_cast<std::uint64_t>(seed));
    World with = world_of(text);
    World without = world_of(text + interruptions);
    for (const std::int64_t at : {700 * kMs, 1800 * kMs}) {
      with.advance_to(at);
      without.advance_to(at);
      const Integrals a = with.device(0).integrals();
      const Integrals b = without.device(0).integrals();
      const auto near = [&](double x, double y, const char* what) {
        EXPECT_NEAR(x, y, 1e-9 * std::max(std::abs(x), std::abs(y)) + 1e-3) << what << "\n" << text;
      };
      EXPECT_EQ(a.launches, b.launches) << text;
      near(static_cast<double>(a.busy_ns), static_cast<double>(b.busy_ns), "busy");
      near(a.sm_active_cycles, b.sm_active_cycles, "sm_active");
      near(a.warp_cycles, b.warp_cycles, "warps");
      near(a.dram_read_bytes, b.dram_read_bytes, "dram");
      near(a.energy_j, b.energy_j, "energy");
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace assay::sim
