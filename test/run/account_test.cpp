// SPDX-License-Identifier: Apache-2.0
// What a job comes to, of a simulated device: in a program of its own, as it enters the simulation.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "assay/cli/job_account.hpp"

namespace assay::cli {
namespace {

RunReport accounted() {
  RunOptions options;
  options.common.simulated = "one-thread";
  options.period = Seconds(0.1);
  options.flops = 1e9;
  auto meter = Meter::open(options.common, options.period);
  EXPECT_TRUE(meter) << meter.error().message;
  DeviceLog log(*meter, nullptr);
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  log.stop();
  RunReport report;
  report.wall = Seconds(0.15);
  report.microscope.push_back(
      {.uuid = log.devices().front().merged.facts.uuid, .seen = {.lanes = 0.5}, .looks = 1});
  account(options, &log, &*meter, report);
  return report;
}

TEST(Account, TheReportOutlivesWhatItWasMadeOf) {
  RunReport report = accounted();
  ASSERT_EQ(report.devices.devices.size(), 1U);
  const appraise::Appraisal& device = report.devices.devices[0];
  ASSERT_NE(device.board.chip, nullptr);
  EXPECT_EQ(device.board.chip->id, device.facts.chip) << "the catalog went before the report";
  const std::weak_ptr<const void> catalog = report.catalog;
  EXPECT_FALSE(catalog.expired());
  report = {};
  EXPECT_TRUE(catalog.expired());
}

TEST(Account, EachDeviceGetsTheLooksAtItself) {
  const RunReport report = accounted();
  ASSERT_TRUE(report.devices.devices[0].job);
  EXPECT_EQ(report.devices.devices[0].job->microscope.lanes, 0.5);
}

// fp32 on every SM of an H100: nothing but the microscope tells its lanes.
std::string fp32_scenario() {
  std::string path = testing::TempDir() + "/fp32.toml";
  std::ofstream(path) << R"(description = "fp32 on every SM"
[[kernel]]
name = "fp32-fma"
grid_per_sm = 2
block = 1024
endless = true
rate = { fp32 = 0.1, int = 0.00006 }
limit = { fp32 = 0.987 }
[[device]]
chip = "h100-sxm5-80gb"
[[device.process]]
name = "fp32"
pid = 4242
[[device.process.stream]]
name = "main"
op = [{ kernel = "fp32-fma" }]
)";
  return path;
}

// How the job works, known from its windows, is not given up for a look.
TEST(Account, ALookWaitsForTheWindowsThatTheJobIsJudgedBy) {
  const std::string mark = testing::TempDir() + "/look-begun";
  for (const bool is_long : {false, true}) {
    std::filesystem::remove(mark);
    CommonOptions options;
    options.simulated = fp32_scenario();
    auto meter = Meter::open(options, Seconds(0.1));
    ASSERT_TRUE(meter) << meter.error().message;
    Magnifier magnifier(
        {.command = {"sh", "-c",
                     "echo >" + mark + R"(; echo '{"while_active":{"lanes":1,"issue":1}}')"},
         .is_the_jobs = [](const std::string&) { return true; }});
    DeviceLog log(*meter, nullptr, &magnifier);
    // In 150 ms there is one window, and the end's.
    for (int i = 0; i < (is_long ? 1000 : 15) && !std::filesystem::exists(mark); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    log.stop();
    // On a busy machine the short one may have become long.
    if (is_long || log.windows() < 3) {
      EXPECT_EQ(std::filesystem::exists(mark), is_long);
    }
    const sample::Sample working = log.devices().front().working;
    EXPECT_GT(working.at_id(metric::Id::fp32_util).value().value_or(0), 0.9);
    if (is_long) {
      EXPECT_GT(log.windows(), 2);
    }
  }
}

}  // namespace
}  // namespace assay::cli
