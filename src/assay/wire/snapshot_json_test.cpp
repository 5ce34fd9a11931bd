// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/snapshot_json.hpp"

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include "assay/appraise/fixture_for_tests.hpp"
#include "assay/wire/json.hpp"

namespace assay::wire {

using appraise::AppraisedSnapshot;
using appraise::BoardKnowledge;
namespace {

Json parsed(sample::DeviceSample device, BoardKnowledge board) {
  AppraisedSnapshot snapshot;
  snapshot.at = device.sample.at;
  snapshot.origin = {sample::OriginKind::recording, "h100-lab.assay"};
  snapshot.devices.push_back(appraise::appraise(std::move(device), std::move(board)));
  const sample::Origin recorded{sample::OriginKind::simulation, "lab"};
  return Json::parse(snapshot_json(snapshot, &recorded));
}

TEST(SnapshotJson, KeepsTheNamesThatAreDocumented) {
  const Json json = parsed(appraise::one_thread_device(), appraise::priced_board());
  EXPECT_EQ(json["schema"], "assay.snapshot/1");
  EXPECT_EQ(json["at"], "2025-11-22T08:40:12.123Z");
  EXPECT_EQ(json["origin"]["kind"], "recording");
  EXPECT_EQ(json["origin"]["of"]["kind"], "simulation");
  EXPECT_EQ(json["origin"]["of"]["name"], "lab");
  for (const char* key : {"cpu_seconds", "rss_bytes", "samples", "lost"})
    EXPECT_TRUE(json["self"].contains(key)) << key;
  const Json& device = json["devices"][0];
  EXPECT_EQ(device["sm_count"], 132);
  EXPECT_EQ(device["route"], "gpm");
  EXPECT_EQ(device["ladder"]["sol"]["limiter"], "int");
  EXPECT_DOUBLE_EQ(device["ladder"]["sm_active"]["value"], 0.00758);
  EXPECT_EQ(device["ladder"]["sm_active"]["state"], "measured");
  EXPECT_EQ(device["ladder"]["useful"]["reason"], "no-workload");
  EXPECT_TRUE(device["ladder"]["useful"]["value"].is_null());
  EXPECT_EQ(device["gpu_util"]["value"], 1.0);
  EXPECT_EQ(device["readings"]["power"]["value"], 128.0);
  EXPECT_NEAR(device["cost"]["lost_usd_per_hour"].get<double>(), 2.5 * (1 - 0.00039), 1e-9);
}

TEST(SnapshotJson, LossesSumToOne) {
  const Json json = parsed(appraise::one_thread_device(), appraise::priced_board());
  double sum = 0;
  for (const Json& part : json["devices"][0]["losses"])
    if (part.is_number()) sum += part.get<double>();
  EXPECT_NEAR(sum, 1.0, 1e-9);
}

TEST(SnapshotJson, UnknownIsNullNeverZero) {
  sample::DeviceSample blind;
  for (auto& reading : blind.sample.readings)
    reading = sample::Reading<double>::unknown(sample::Reason::driver_not_loaded);
  const Json device = parsed(blind, {})["devices"][0];
  for (const auto& reading : device["readings"]) EXPECT_TRUE(reading["value"].is_null());
  for (const char* rung : {"held", "busy", "sm_active", "sol", "useful"})
    EXPECT_TRUE(device["ladder"][rung]["value"].is_null()) << rung;
  EXPECT_TRUE(device["sm_count"].is_null());
  EXPECT_TRUE(device["processes"].is_null());
  EXPECT_TRUE(device["cost"]["usd_per_hour"].is_null());
  EXPECT_EQ(device["losses"]["unattributed"], 1.0);
}

TEST(SnapshotJson, NotANumberAndBrokenTextStillParse) {
  sample::DeviceSample device = appraise::one_thread_device();
  device.sample.at_id(metric::Id::power) =
      sample::Reading<double>::measured(std::nan(""), metric::Source::nvml);
  device.sample.processes[0].name = "\xff\xfe";
  const Json json = parsed(device, {});
  EXPECT_TRUE(json["devices"][0]["readings"]["power"]["value"].is_null());
}

}  // namespace
}  // namespace assay::wire
