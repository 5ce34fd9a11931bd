// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "assay/sim/toy_scenario_test.hpp"
#include "assay/sim/world_test.hpp"

namespace assay::sim {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Scenario, ASoundFileIsRead) {
  const auto read = parse_scenario("dir/toy.toml", kTestScenario, chips());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->name, "toy");
  EXPECT_EQ(read->description, "a toy");
  ASSERT_EQ(read->devices.size(), 3U);
  const DevicePlan& plan = *read->devices[0].plan;
  EXPECT_EQ(read->devices[1].plan.get(), &plan);  // shared
  EXPECT_EQ(read->devices[1].offset_ns, 500);
  EXPECT_EQ(read->devices[1].pid_offset, 2);
  ASSERT_EQ(plan.kernels.size(), 2U);
  EXPECT_EQ(plan.kernels[0].name, "gemm");
  EXPECT_EQ(plan.kernels[0].occupancy.blocks_per_sm, 1);
  EXPECT_NEAR(plan.kernels[0].pipe_cycles[index(Pipe::hmma)], 1e12 / 264 / 4096, 1e-6);
  EXPECT_NEAR(plan.kernels[0].dram_read, 1e8 / 264, 1e-6);
  EXPECT_EQ(plan.kernels[1].grid, 264);
  ASSERT_EQ(plan.processes.size(), 2U);
  EXPECT_EQ(plan.processes[0].pid, 77);
  EXPECT_EQ(plan.processes[0].start_ns, 1'500'000'000);
  ASSERT_EQ(plan.processes[0].streams.size(), 2U);
  const OpSpec& waits = plan.processes[0].streams[1].ops[0];
  ASSERT_EQ(waits.after.size(), 1U);
  EXPECT_EQ(waits.after[0].stream, 0U);
  EXPECT_EQ(plan.events.size(), 3U);
  EXPECT_TRUE(std::ranges::is_sorted(plan.events, {}, &EventSpec::at_ns));
}

struct Bad {
  const char* from;
  const char* to;
  int line;
  const char* says;
};

// One thing wrong at a time: file, line and reason.
TEST(Scenario, WhatIsWrongIsRefusedWithItsLine) {
  const Bad bad[] = {
      {"chip = \"h100-sxm5-80gb\"", "chip = \"h100-sxm5-80g\"", 21, "did you mean"},
      {"chip = \"h100-sxm5-80gb\"", "chip = \"nothing like it\"", 21, "has no chip"},
      {"block = 288", "block = 1025", 5, "fits no SM"},
      {"shared_kib = 200", "shared_kib = 228", 5, "shared memory"},
      {"registers = 168", "registers = 256", 5, "needs more registers"},
      {"registers = 168", "registrs = 168", 9, "did you mean \"registers\""},
      {"start_s = 1.5", "start_s = -1.5", 30, "out of range"},
      {"start_s = 1.5", "start_s = nan", 30, "out of range"},
      {"start_s = 1.5", "start_s = \"now\"", 30, "write a number"},
      {"start_s = 1.5", "start_s = 1.5\nstop_s = 1", 27, "after start_s"},
      {"grid = 264", "grid = 0", 7, "out of range"},
      {"grid = 264", "grid = 2.5", 7, "whole number"},
      {"grid = 264", "", 5, "either grid or grid_per_sm"},
      {"tensor_bf16_gflop", "tensor_fp4_gflop", 5, "no such rate"},
      {"tensor_bf16_gflop", "tensor_bf17_gflop", 11, "unknown key"},
      {"kernel = \"spin\"", "kernel = \"spinn\"", 42, "did you mean \"spin\""},
      {"copy = \"h2d\"", "copy = \"h2h\"", 34, "none of h2d"},
      {"mb = 64", "mb = 0", 34, "out of range"},
      {"after = [\"load.in\"]", "after = [\"load.inn\"]", 38, "names no op"},
      {"kind = \"xid\"", "kind = \"xyz\"", 45, "none of xid"},
      {"xid = 31", "", 45, "xid in [[device.event]] is missing"},
      {"kind = \"back\"", "kind = \"lost\"", 54, "not there"},
      {"count = 3", "count = 5000", 22, "out of range"},
      {"memory_mib = 1000", "memory_mib = 90000", 20, "lower memory_mib"},
      {"pid = 77", "pid = 4002", 40, "twice"},
      {"description = \"a toy\"", "", 1, "description is missing"},
      {"description = \"a toy\"", "description = \"a toy\"\nlook_at_s = -1", 3, "out of range"},
      {"endless = true", "endless = true\nduration_us = 5", 13, "endless"},
      {"endless = true", "endless = 1", 17, "true or false"},
      {"op = [{ kernel = \"spin\" }]", "op = []", 42, "needs 1 to"},
      {"uuid = ", "uuid = \"GPU-1\" # ", 20, "must look like"},
  };
  for (const Bad& row : bad) {
    const std::string text = edited_scenario(row.from, row.to);
    const auto read = parse_scenario("toy.toml", text, chips());
    ASSERT_FALSE(read) << row.to;
    EXPECT_EQ(read.error().code, ErrorCode::invalid_argument);
    const auto all = check_scenario("toy.toml", text, chips());
    const auto has = [&](const Error& error) {
      return error.message.starts_with("toy.toml:" + std::to_string(row.line) + ": ") &&
             error.message.find(row.says) != std::string::npos;
    };
    EXPECT_TRUE(std::ranges::any_of(all, has)) << row.to << " (wanted line " << row.line << ": "
                                               << row.says << ") got: " << all.front().message;
  }
}

TEST(Scenario, AWrongGridIsToldByItsOwnReasonAlone) {
  for (const char* grid : {"grid = 0", "grid = 9000000000000000000", "grid = 9e18"}) {
    const auto all = check_scenario("toy.toml", edited_scenario("grid = 264", grid), chips());
    ASSERT_EQ(all.size(), 1U) << grid;
    EXPECT_THAT(all[0].message, StartsWith("toy.toml:7: grid "));
  }
  const auto both = check_scenario(
      "toy.toml", edited_scenario("grid = 264", "grid = 264\ngrid_per_sm = 0"), chips());
  EXPECT_TRUE(std::ranges::any_of(both, [](const Error& error) {
    return error.message.find("either grid or grid_per_sm") != std::string::npos;
  }));
}

TEST(Scenario, ACycleOfDependenciesIsRefused) {
  const std::string text =
      "description = \"t\"\n[[kernel]]\nname = \"k\"\ngrid = 1\n[[device]]\n"
      "chip = \"h100-sxm5-80gb\"\n[[device.process]]\nname = \"p\"\n"
      "[[device.process.stream]]\nname = \"a\"\n"
      "op = [{ name = \"x\", kernel = \"k\", after = [\"b.y\"] }]\n"
      "[[device.process.stream]]\nname = \"b\"\n"
      "op = [{ name = \"y\", kernel = \"k\", after = [\"a.x\"] }]\n";
  const auto read = parse_scenario("c.toml", text, chips());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, StartsWith("c.toml:11: a cycle of dependencies"));
}

TEST(Scenario, StreamsThatWaitMustEndTogether) {
  const std::string text = edited_scenario("name = \"work\"", "name = \"work\"\nrepeat = 3");
  EXPECT_THAT(parse_scenario("toy.toml", text, chips()).error().message,
              HasSubstr("the same start_s, stop_s and repeat"));
}

TEST(Scenario, AKernelThatNobodyRunsIsRefused) {
  const std::string text = edited_scenario("op = [{ kernel = \"spin\" }]", "op = [{ gap_us = 1 }]");
  EXPECT_THAT(parse_scenario("toy.toml", text, chips()).error().message,
              HasSubstr("no stream runs kernel \"spin\""));
}

TEST(Scenario, NoDeviceNoScenario) {
  EXPECT_THAT(parse_scenario("e.toml", "description = \"x\"\n", chips()).error().message,
              HasSubstr("needs a [[device]]"));
  EXPECT_THAT(parse_scenario("e.toml", "a = [", chips()).error().message, StartsWith("e.toml:1: "));
}

TEST(Embedded, AllThatTheDocsNameAreThere) {
  const std::set<std::string> wanted{
      "one-thread",  "lab",       "decode",      "prefill",        "tiny-kernels",
      "two-tenants", "held-idle", "tail-wave",   "input-starved",  "throttled",
      "nccl-bound",  "fleet-8",   "device-lost", "transfer-bound", "fleet-1024"};
  const auto names = embedded_scenarios();
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(std::set(names.begin(), names.end()), wanted);
  for (const std::string& name : names) {
    const auto scenario = embedded_scenario(name);
    ASSERT_TRUE(scenario) << scenario.error().message;
    EXPECT_EQ(scenario->name, name);
    EXPECT_FALSE(scenario->description.empty());
  }
  EXPECT_EQ(embedded_scenario("fleet-8")->devices.size(), 8U);
  EXPECT_EQ(embedded_scenario("fleet-1024")->devices.size(), 1024U);
}

TEST(Embedded, AnUnknownNameGetsTheNearest) {
  const auto none = embedded_scenario("fleet8");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::not_found);
  EXPECT_THAT(none.error().message, HasSubstr("did you mean \"fleet-8\"?"));
}

TEST(Facts, NoTwoDevicesAreTheSame) {
  World world = World::make(*embedded_scenario("fleet-1024"));
  std::set<std::string> uuids;
  std::set<std::string> buses;
  for (const Device& device : world.devices()) {
    uuids.insert(device.facts().uuid);
    buses.insert(device.facts().pci);
  }
  EXPECT_EQ(uuids.size(), 1024U);
  EXPECT_EQ(buses.size(), 1024U);
  EXPECT_EQ(world.device(3).facts().index, 3);
  EXPECT_EQ(world.device(0).facts().pci, "00000000:04:00.0");
  EXPECT_NEAR(world.device(0).facts().utilization_window.value(), 0.2, 1e-12);
}

}  // namespace
}  // namespace assay::sim
