// SPDX-License-Identifier: Apache-2.0
// How long grids take and what they keep busy: waves, tails, concurrency, roofs.
#include <gtest/gtest.h>

#include "assay/sim/world_test.hpp"

namespace assay::sim {
namespace {

constexpr double kGhz = 1.98;
constexpr int kSms = 132;

// The time from launch to end of the only launch.
std::int64_t run_time(std::string_view kernel, std::string_view rest = "") {
  World world = world_of(
      one_stream(kernel, "{ kernel = \"k\", launch_us = 0 }", "repeat = 1\n" + std::string(rest)));
  world.advance_to(10 * kSecond);
  return world.device(0).integrals().compute_ns;
}

TEST(Waves, FullWavesAndATailTakeABlocksTimeEach) {
  const std::string_view form = "[[kernel]]\nname = \"k\"\nblock = 1024\nblock_us = 100\ngrid = ";
  const auto time = [&](int grid) { return run_time(std::string(form) + std::to_string(grid)); };
  EXPECT_EQ(time(1), 100'000);
  EXPECT_EQ(time(2 * kSms), 100'000);
  EXPECT_EQ(time(2 * kSms + 1), 200'000);
  EXPECT_EQ(time(20 * kSms), 1'000'000);
  EXPECT_EQ(time(20 * kSms + 7), 1'100'000);
}

TEST(Waves, AMillionBlocksAreNoMoreWorkThanTwo) {
  World world = world_of(
      one_stream("[[kernel]]\nname = \"k\"\nblock = 1024\nblock_us = 1\ngrid = 264000000\n",
                 "{ kernel = \"k\", launch_us = 0 }", "repeat = 1\n"));
  world.advance_to(100 * kSecond);
  EXPECT_EQ(world.device(0).integrals().compute_ns, kSecond);  // a million waves
}

TEST(Waves, TheTailKeepsItsSmsOnly) {
  // Two waves of 50 us, the second with one block of two on 33 SMs.
  World world =
      world_of(one_stream("[[kernel]]\nname = \"k\"\nblock = 1024\nblock_us = 50\ngrid = 297\n",
                          "{ kernel = \"k\", launch_us = 0 }", "repeat = 1\n"));
  world.advance_to(kSecond);
  const Integrals done = world.device(0).integrals();
  EXPECT_EQ(done.compute_ns, 100'000);
  EXPECT_NEAR(done.sm_active_cycles, (132 + 33) * 50e3 * kGhz, 1);
  EXPECT_NEAR(done.warp_cycles, (264 + 33) * 32 * 50e3 * kGhz, 1);
}

TEST(Waves, WorkIsConserved) {
  World world =
      world_of(one_stream("[[kernel]]\nname = \"k\"\nblock = 256\ngrid = 1000\n"
                          "total = { fp32_gflop = 20, dram_read_mb = 300, dram_write_mb = 100 }\n",
                          "{ kernel = \"k\" }", "repeat = 3\n"));
  world.advance_to(kSecond);
  const Integrals done = world.device(0).integrals();
  EXPECT_EQ(done.launches, 3);
  EXPECT_NEAR(done.dram_read_bytes, 900e6, 900e6 * 1e-4);
  EXPECT_NEAR(done.dram_write_bytes, 300e6, 300e6 * 1e-4);
  EXPECT_NEAR(done.pipe_cycles[index(Pipe::fp32)], 60e9 / 256, 60e9 / 256 * 1e-4);
}

TEST(Roof, DramSetsTheTime) {
  const std::int64_t ns = run_time(
      "[[kernel]]\nname = \"k\"\nblock = 512\ngrid_per_sm = 2\ndram_efficiency = 0.8\n"
      "total = { dram_read_mb = 2680 }\n");
  EXPECT_NEAR(static_cast<double>(ns), 1e6, 10);  // 2.68 GB at 0.8 x 3350 GB/s
}

TEST(Roof, TensorWorkSetsTheTime) {
  const std::int64_t ns = run_time(
      "[[kernel]]\nname = \"k\"\nblock = 128\ngrid = 132\npipe_efficiency = 0.5\n"
      "total = { tensor_bf16_gflop = 132 }\n");
  EXPECT_NEAR(static_cast<double>(ns), 1e9 / 4096 / 0.5 / kGhz, 2);
}

TEST(Roof, OneSmCannotTakeAllOfDram) {
  const std::int64_t ns =
      run_time("[[kernel]]\nname = \"k\"\nblock = 1024\ngrid = 1\ntotal = { dram_read_mb = 64 }\n");
  EXPECT_NEAR(static_cast<double>(ns), 1e6 / kGhz, 2);  // 64 bytes a cycle
}

TEST(Roof, BlocksOfOneSmShareItsPipes) {
  const std::string_view form =
      "[[kernel]]\nname = \"k\"\nblock = 128\npipe_efficiency = 1\n"
      "per_block = { fp32_gflop = 0.001 }\ngrid = ";
  const std::int64_t one = run_time(std::string(form) + "132");
  const std::int64_t four = run_time(std::string(form) + "528");
  EXPECT_NEAR(static_cast<double>(four), 4 * static_cast<double>(one), 8);
}

TEST(Concurrency, TwoStreamsOfOneProcessRunSideBySide) {
  World world = world_of(
      "description = \"t\"\n[[kernel]]\nname = \"half\"\ngrid = 66\nblock = 32\nendless = true\n"
      "[[device]]\nchip = \"h100-sxm5-80gb\"\n[[device.process]]\nname = \"p\"\n"
      "[[device.process.stream]]\nname = \"a\"\nop = [{ kernel = \"half\" }]\n"
      "[[device.process.stream]]\nname = \"b\"\nop = [{ kernel = \"half\" }]\n");
  const Shares got = shares_between(world, kMs, kSecond);
  EXPECT_NEAR(got.sm_active.value(), 1, 1e-12);
  EXPECT_NEAR(got.occupancy.value(), 1.0 / 64, 1e-12);
}

TEST(Concurrency, AGridSpreadsWhenSmsComeFree) {
  // "first" holds every SM for 1 ms; "second" has its blocks on what is left, then everywhere.
  World world = world_of(
      "description = \"t\"\n"
      "[[kernel]]\nname = \"first\"\ngrid = 66\nblock = 1024\nshared_kib = 200\nblock_us = 1000\n"
      "[[kernel]]\nname = \"second\"\ngrid = 1320\nblock = 1024\nshared_kib = 200\nblock_us = "
      "1000\n"
      "[[device]]\nchip = \"h100-sxm5-80gb\"\n[[device.process]]\nname = \"p\"\n"
      "[[device.process.stream]]\nname = \"a\"\nrepeat = 1\nop = [{ kernel = \"first\", launch_us "
      "= 0 }]\n"
      "[[device.process.stream]]\nname = \"b\"\nrepeat = 1\nop = [{ kernel = \"second\", launch_us "
      "= 0 }]\n");
  world.advance_to(kSecond);
  const Integrals done = world.device(0).integrals();
  // 66 blocks beside the first, then the other 1,254 in 9.5 waves of 132.
  EXPECT_EQ(done.compute_ns, 11 * kMs);
  EXPECT_NEAR(done.sm_active_cycles, (66 + 1320) * 1e6 * kGhz, 1e3);
}

TEST(Copies, ShareTheLinkAndAreNoCompute) {
  World world = world_of(
      "description = \"t\"\n[[device]]\nchip = \"h100-sxm5-80gb\"\n[[device.process]]\nname = "
      "\"p\"\n"
      "[[device.process.stream]]\nname = \"a\"\nop = [{ copy = \"h2d\", mb = 526 }]\nrepeat = 1\n"
      "[[device.process.stream]]\nname = \"b\"\nop = [{ copy = \"h2d\", mb = 526 }]\nrepeat = 1\n");
  world.advance_to(kSecond);
  const Integrals done = world.device(0).integrals();
  EXPECT_NEAR(done.pcie_rx_bytes, 2 * 526e6, 1e3);
  EXPECT_EQ(done.pcie_tx_bytes, 0);
  EXPECT_NEAR(done.dram_write_bytes, 2 * 526e6, 1e3);
  EXPECT_NEAR(static_cast<double>(done.busy_ns), 20e6, 10);
  EXPECT_EQ(done.compute_ns, 0);
  EXPECT_EQ(done.sm_active_cycles, 0);
}

TEST(Dependencies, AnOpWaitsForAnother) {
  // 3 ms of copy, then 1 ms of kernel, which the next copy does not wait for.
  World world = world_of(
      "description = \"t\"\n[[kernel]]\nname = \"k\"\ngrid = 1\nblock_us = 1000\n"
      "[[device]]\nchip = \"h100-sxm5-80gb\"\n[[device.process]]\nname = \"p\"\n"
      "[[device.process.stream]]\nname = \"in\"\nop = [{ name = \"c\", copy = \"h2d\", mb = 157.8 "
      "}]\n"
      "[[device.process.stream]]\nname = \"go\"\n"
      "op = [{ kernel = \"k\", launch_us = 0, after = [\"in.c\"] }]\n");
  world.advance_to(300 * kMs);
  const Integrals done = world.device(0).integrals();
  EXPECT_NEAR(static_cast<double>(done.launches), 99, 1);
  EXPECT_NEAR(done.pcie_rx_bytes, 100 * 157.8e6, 157.8e6);
}

}  // namespace
}  // namespace assay::sim
