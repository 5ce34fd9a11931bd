// SPDX-License-Identifier: Apache-2.0
// The model against `assay lab` on an H100 80GB HBM3 (driver 580.159), 2026-11-22; tiny: against
// the run of that day that ships as a recording.
#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "assay/sim/world_test.hpp"

namespace assay::sim {
namespace {

struct Measured {
  const char* kernel;
  int from_s;              // of the scenario
  double busy, sm, watts;  // per cent, per cent, W (instant)
  std::optional<double> occupancy, integer, fp32, fp64, tensor, dram;
};

constexpr std::array kLab{
    Measured{"idle, no context", 0, 0, 0, 72},
    Measured{"idle, a context", 3, 0, 0, 121.5},
    Measured{"one-thread", 6, 100, 0.758, 122, 0.012, 0.058},
    Measured{"one-block", 9, 100, 0.758, 122, 0.379, 0.84},
    Measured{"half-sms", 12, 100, 50, 126, 0.781, 3.84},
    Measured{"all-sms", 15, 100, 100, 129.9, 1.563, 7.67},
    Measured{"full-spin", 18, 100, 100, 295, 100, 100},
    Measured{"fp32-fma", 21, 100, 100, 302.5, 100, {}, 98.7},
    Measured{"fp64-fma", 24, 100, 100, 359.5, 100, {}, {}, 99.6},
    Measured{"tensor", 27, 100, 96.5, 700, {}, {}, {}, {}, 93.7},
    Measured{"dram-copy", 30, 100, 100, 469, 50, {}, {}, {}, {}, 84.9},
    Measured{"dram-read", 33, 100, 100, 518.5, 50, {}, {}, {}, {}, 92.5},
    Measured{"tiny", 36, 68.1, 0.066, 130},
    Measured{"h2d-copy", 39, 100, 0, 131.7},
    Measured{"divergent", 42, 100, 100, 202.5, 100, {}, 49.7},
};

TEST(Lab, TheModelReadsAsTheBoardDid) {
  World world = World::make(*embedded_scenario("lab"));
  for (const Measured& row : kLab) {
    // From a moment after the first launch to just before the next kernel.
    const Shares got =
        shares_between(world, row.from_s * kSecond + 10 * kMs, (row.from_s + 3) * kSecond - kMs);
    SCOPED_TRACE(row.kernel);
    EXPECT_NEAR(got.busy.as_percent(), row.busy, 1);
    // A spin's share of SMs is exact; that of matrix products is a matter of their tails.
    EXPECT_NEAR(got.sm_active.as_percent(), row.sm, row.tensor ? 0.5 : 0.1);
    EXPECT_NEAR(got.power.value(), row.watts, 0.1 * row.watts);
    const auto near = [](double value, const std::optional<double>& measured, double within) {
      EXPECT_NEAR(value, measured.value_or(value), within);
    };
    const auto pipe = [&](Pipe which) { return got.pipe[index(which)].as_percent(); };
    near(got.occupancy.as_percent(), row.occupancy, 0.1);
    near(pipe(Pipe::integer), row.integer, 0.1);
    near(pipe(Pipe::fp32), row.fp32, 0.1);
    near(pipe(Pipe::fp64), row.fp64, 0.1);
    near(got.tensor.as_percent(), row.tensor, 0.5);
    near(got.dram.as_percent(), row.dram, 0.5);
  }
}

TEST(Lab, TensorWorkRunsIntoThePowerLimit) {
  World world = World::make(*embedded_scenario("lab"));
  world.advance_to(28 * kSecond);
  const Moment moment = world.device(0).moment();
  EXPECT_NEAR(moment.sm_clock.value(), 1370e6, 40e6);
  EXPECT_EQ(moment.throttle, throttle::kSwPowerCap);
}

TEST(Lab, RatesOfLaunchesAndCopies) {
  World world = World::make(*embedded_scenario("lab"));
  world.advance_to(37 * kSecond);
  const std::int64_t before = world.device(0).integrals().launches;
  world.advance_to(38 * kSecond);
  EXPECT_NEAR(static_cast<double>(world.device(0).integrals().launches - before), 241.4e3, 1e3);
  EXPECT_NEAR(shares_between(world, 40 * kSecond, 41 * kSecond).pcie_rx.value(), 52.6e9, 1e8);
}

TEST(OneThread, OnTheSeedsV100) {
  World world = World::make(*embedded_scenario("one-thread"));
  const Shares got = shares_between(world, kSecond, 10 * kSecond);
  EXPECT_NEAR(got.busy.as_percent(), 100, 1e-9);
  EXPECT_NEAR(got.sm_active.as_percent(), 1.25, 1e-9);
  EXPECT_NEAR(got.power.value(), 67, 1);
  EXPECT_EQ(world.device(0).facts().name, "Tesla V100-SXM2-32GB");
  EXPECT_EQ(world.device(0).moment().power_limit, Watts(300));
}

}  // namespace
}  // namespace assay::sim
