// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assay/sim/world_test.hpp"

namespace assay::sim {
namespace {

std::string tenants(std::string_view ops_a, std::string_view ops_b, std::string_view kernels) {
  return "description = \"t\"\n" + std::string(kernels) +
         "[[device]]\nchip = \"h100-sxm5-80gb\"\n"
         "[[device.process]]\nname = \"a\"\n[[device.process.stream]]\nname = \"s\"\nop = [" +
         std::string(ops_a) +
         "]\n[[device.process]]\nname = \"b\"\n"
         "[[device.process.stream]]\nname = \"s\"\nop = [" +
         std::string(ops_b) + "]\n";
}

constexpr std::string_view kHalf =
    "[[kernel]]\nname = \"half\"\ngrid = 66\nblock = 1\nendless = true\n";

TEST(Tenants, TakeTurnsAndNeverRunSideBySide) {
  World world = world_of(tenants("{ kernel = \"half\" }", "{ kernel = \"half\" }", kHalf));
  const Shares got = shares_between(world, kSecond, 11 * kSecond);
  EXPECT_NEAR(got.sm_active.as_percent(), 47, 0.1);  // as measured on an H100
  EXPECT_NEAR(got.busy.value(), 1, 1e-12);
  const auto processes = world.device(0).processes();
  ASSERT_EQ(processes.size(), 2U);
  const auto a = static_cast<double>(processes[0].done.compute_ns);
  const auto b = static_cast<double>(processes[1].done.compute_ns);
  EXPECT_NEAR(a / b, 1, 1e-3);
  EXPECT_NEAR(processes[0].done.sm_active_cycles + processes[1].done.sm_active_cycles,
              world.device(0).integrals().sm_active_cycles, 1);
}

TEST(Tenants, OneWithoutWorkTakesNoTurn) {
  World world = world_of(tenants("{ kernel = \"half\" }", "{ gap_us = 1000 }", kHalf));
  EXPECT_NEAR(shares_between(world, kMs, kSecond).sm_active.value(), 0.5, 1e-12);
}

TEST(Tenants, WorkIsFrozenNotLost) {
  World world = world_of(tenants(
      "{ kernel = \"k\", launch_us = 0 }", "{ kernel = \"k\", launch_us = 0 }",
      "[[kernel]]\nname = \"k\"\ngrid = 132\nblock = 32\ntotal = { dram_read_mb = 20000 }\n"));
  world.advance_to(10 * kSecond);
  const Integrals done = world.device(0).integrals();
  // 20 GB take 6.45 ms of the engine: more than three slices.
  EXPECT_NEAR(done.dram_read_bytes, static_cast<double>(done.launches) * 20e9, 2 * 20e9);
  EXPECT_NEAR(done.dram_read_bytes / 10, 0.94 * 0.925 * 3350e9, 0.005 * 3350e9);
}

TEST(Tenants, ALoneOnePaysNoSwitches) {
  World world = world_of(one_stream(kHalf, "{ kernel = \"half\" }"));
  EXPECT_NEAR(shares_between(world, kMs, kSecond).sm_active.value(), 0.5, 1e-12);
}

}  // namespace
}  // namespace assay::sim
