// SPDX-License-Identifier: Apache-2.0
// What a job comes to, of a simulated device: in a program of its own, as it enters the simulation.
#include <gtest/gtest.h>

#include <chrono>
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

}  // namespace
}  // namespace assay::cli
