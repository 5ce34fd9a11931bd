// SPDX-License-Identifier: Apache-2.0
// Events: what a device does when things happen to it.
#include <gtest/gtest.h>

#include <cmath>

#include "assay/sim/world_test.hpp"

namespace assay::sim {
namespace {

constexpr std::string_view kSpin =
    "[[kernel]]\nname = \"k\"\ngrid_per_sm = 2\nblock = 1024\nendless = true\nrate = { int = 0.1 "
    "}\n";

World spin_with(std::string_view events) {
  return world_of(one_stream(kSpin, "{ kernel = \"k\" }", events));
}

TEST(Lost, NothingGrowsAndNobodyHoldsIt) {
  World world = spin_with(
      "[[device.event]]\nat_s = 1\nkind = \"lost\"\n"
      "[[device.event]]\nat_s = 3\nkind = \"back\"\n");
  Device& device = world.device(0);
  device.advance_to(kSecond - 1);
  EXPECT_EQ(device.moment().presence, Presence::ok);
  device.advance_to(kSecond);
  EXPECT_EQ(device.moment().presence, Presence::lost);
  EXPECT_EQ(device.moment().last_xid, 79);
  EXPECT_TRUE(device.processes().empty());
  const Integrals before = device.integrals();
  device.advance_to(2 * kSecond);
  EXPECT_EQ(device.integrals(), before);
  EXPECT_EQ(device.moment().memory_used, Bytes(0));

  device.advance_to(4 * kSecond);
  EXPECT_EQ(device.moment().presence, Presence::ok);
  EXPECT_EQ(device.moment().last_xid, 0);
  EXPECT_EQ(device.loaded_at_ns(), 3 * kSecond);
  EXPECT_EQ(device.at_load(), before);
  const Integrals since = device.integrals() - device.at_load();
  EXPECT_EQ(since.present_ns, kSecond);
  EXPECT_EQ(since.busy_ns, 0);
  EXPECT_NEAR(since.energy_j, 72, 1);  // idle, without a context
  ASSERT_EQ(device.log().size(), 3U);
  EXPECT_EQ(device.log()[0].kind, EventKind::lost);
  EXPECT_EQ(device.log()[1].kind, EventKind::xid);
  EXPECT_EQ(device.log()[1].value, 79);
  EXPECT_EQ(device.log()[2].kind, EventKind::back);
}

TEST(Lost, AProcessThatStartsMeanwhileNeverRuns) {
  World world = world_of(one_stream(kSpin, "{ kernel = \"k\" }",
                                    "[[device.process]]\nname = \"late\"\nstart_s = 2\n"
                                    "[[device.process]]\nname = \"after\"\nstart_s = 4\n"
                                    "[[device.event]]\nat_s = 1\nkind = "
                                    "\"lost\"\n[[device.event]]\nat_s = 3\nkind = \"back\"\n"));
  world.advance_to(5 * kSecond);
  const auto processes = world.device(0).processes();
  ASSERT_EQ(processes.size(), 1U);
  EXPECT_EQ(processes[0].name, "after");
}

TEST(DriverReload, ResetsTheDriversCounters) {
  World world = spin_with(
      "[[device.event]]\nat_s = 0.5\nkind = \"ecc\"\ncorrected = 7\nuncorrected = 2\n"
      "[[device.event]]\nat_s = 0.6\nkind = \"xid\"\nxid = 48\n"
      "[[device.event]]\nat_s = 1\nkind = \"driver-reload\"\nfor_s = 2\n");
  Device& device = world.device(0);
  device.advance_to(700 * kMs);
  EXPECT_EQ(device.moment().ecc_corrected, 7U);
  EXPECT_EQ(device.moment().ecc_uncorrected, 2U);
  EXPECT_EQ(device.moment().last_xid, 48);
  device.advance_to(2 * kSecond);
  EXPECT_EQ(device.moment().presence, Presence::unloaded);
  device.advance_to(3 * kSecond);
  EXPECT_EQ(device.moment().presence, Presence::ok);
  EXPECT_EQ(device.moment().ecc_corrected, 0U);
  EXPECT_EQ(device.integrals().present_ns, kSecond);
}

TEST(PowerCap, LowersTheClockUntilThePowerFits) {
  World world = spin_with("[[device.event]]\nat_s = 1\nkind = \"power-cap\"\nwatts = 200\n");
  Device& device = world.device(0);
  device.advance_to(kSecond - 1);
  EXPECT_NEAR(device.moment().sm_clock.value(), 1980e6, 1);
  EXPECT_EQ(device.moment().throttle, 0U);
  device.advance_to(2 * kSecond);
  const Moment moment = device.moment();
  EXPECT_LE(moment.power.value(), 200);
  EXPECT_GT(moment.power.value(), 195);  // within a step of 15 MHz
  EXPECT_EQ(moment.throttle, throttle::kSwPowerCap);
  EXPECT_EQ(moment.power_limit, Watts(200));
  EXPECT_LT(moment.sm_clock.value(), 1900e6);
}

TEST(ClockCap, SaysWhose) {
  World world = spin_with(
      "[[device.event]]\nat_s = 1\nkind = \"clock-cap\"\nmhz = 600\nreason = \"hw-power-brake\"\n"
      "[[device.event]]\nat_s = 2\nkind = \"clock-cap\"\nmhz = 0\n");
  Device& device = world.device(0);
  device.advance_to(1500 * kMs);
  EXPECT_NEAR(device.moment().sm_clock.value(), 600e6, 1);
  EXPECT_EQ(device.moment().throttle, throttle::kHwPowerBrake);
  device.advance_to(2500 * kMs);
  EXPECT_NEAR(device.moment().sm_clock.value(), 1980e6, 1);
  EXPECT_EQ(device.moment().throttle, 0U);
}

TEST(Heat, ClocksFallSoThatTheTemperatureHolds) {
  World world = World::make(*embedded_scenario("throttled"));
  Device& device = world.device(0);
  device.advance_to(29 * kSecond);
  EXPECT_EQ(device.moment().throttle & throttle::kSwThermal, 0U);
  EXPECT_LT(device.moment().temperature.value(), 75);
  double hottest = 0;
  for (int s = 30; s < 149; ++s) {
    device.advance_to(s * kSecond);
    hottest = std::max(hottest, device.moment().temperature.value());
  }
  EXPECT_GT(hottest, 85);
  EXPECT_LT(hottest, 89.5);
  EXPECT_NE(device.moment().throttle & throttle::kSwThermal, 0U);
  const Shares held = shares_between(world, 149 * kSecond, 150 * kSecond - 1);
  EXPECT_LT(held.power.value(), 560);  // of 700: the coolant takes no more
  EXPECT_GT(held.power.value(), 440);
}

TEST(Heat, TheTemperatureRisesAsAnExponential) {
  World world = spin_with("");
  Device& device = world.device(0);
  device.advance_to(kMs);
  const double from = device.moment().temperature.value();
  device.advance_to(20 * kSecond);
  const double after = device.moment().temperature.value();
  device.advance_to(1000 * kSecond);
  const double settled = device.moment().temperature.value();
  EXPECT_NEAR((after - from) / (settled - from), 1 - std::exp(-1.0), 1e-3);
  EXPECT_NEAR(settled, 30 + 40 * device.moment().power.value() / 700, 1e-3);
}

TEST(Idle, ClocksAreUpOnlyWithAContext) {
  World world = world_of(
      "description = \"t\"\n[[device]]\nchip = \"h100-sxm5-80gb\"\n"
      "[[device.process]]\nname = \"p\"\nmemory_mib = 1000\nstart_s = 1\nstop_s = 2\n");
  Device& device = world.device(0);
  device.advance_to(500 * kMs);
  EXPECT_NEAR(device.moment().sm_clock.value(), 345e6, 1e3);
  EXPECT_EQ(device.moment().throttle, throttle::kGpuIdle);
  device.advance_to(1500 * kMs);
  EXPECT_NEAR(device.moment().sm_clock.value(), 1980e6, 1);
  EXPECT_NEAR(device.moment().memory_used.value(), 1000 * 1048576.0 + 543e6, 1);
  device.advance_to(2500 * kMs);
  EXPECT_TRUE(device.processes().empty());
  EXPECT_EQ(device.moment().memory_used, Bytes(0));
}

}  // namespace
}  // namespace assay::sim
