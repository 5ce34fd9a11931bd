// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/series_answer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "assay/serve/keeper.hpp"
#include "assay/serve/scratch_folder_test.hpp"
#include "assay/serve/windows_test.hpp"

namespace assay::serve {
namespace {

using Json = nlohmann::json;

constexpr sample::WallTime kNow{kStart + 600 * kSecondNs};

// Ten minutes of two devices, whose SM activity climbs from 0.2 by a thousandth a second.
class Answered : public testing::Test {
 protected:
  static double active(std::size_t second) { return 0.2 + 0.001 * static_cast<double>(second); }

  void SetUp() override {
    const sample::Snapshot first = window_at(0, 2, 0);
    devices_ = facts_of(first);
    keeper_ = Keeper::open({.folder = folder_.path(), .chunk = Seconds(200)}, {}, first.origin,
                           devices_, [](const std::string&) {})
                  .value();
    for (std::size_t i = 0; i < 600; ++i) {
      const sample::Snapshot window = window_at(static_cast<double>(i), 2, active(i));
      const auto derived = derived_values(window);
      keeper_->add(window, derived);
      if (i >= remembered_from_) history_.add(window.at.unix_ns, derived);
    }
    keeper_->finish();
  }
  Json ask(const std::string& query) {
    auto request = parse_series_request(http::Query::parse(query).value(), kNow, Seconds(1));
    EXPECT_TRUE(request) << request.error().message;
    auto answer = series_answer(
        *request,
        {keeper_->chunks(), &history_, devices_, {sample::OriginKind::simulation, "test"}});
    EXPECT_TRUE(answer) << answer.error().message;
    return Json::parse(*answer);
  }

  std::size_t remembered_from_ = 300;
  ScratchFolder folder_;
  std::vector<sample::DeviceFacts> devices_;
  std::unique_ptr<Keeper> keeper_;
  History history_{2};
};

TEST_F(Answered, AMetricOfTheTableAcrossRecordings) {
  const Json json = ask("metric=sm_active&device=1&from=1764400000&to=1764400600&step=60");
  EXPECT_EQ(json["schema"], "assay.series/1");
  EXPECT_EQ(json["origin"]["kind"], "simulation");
  EXPECT_EQ(json["from"], "2025-11-29T07:06:40.000Z");
  EXPECT_EQ(json["step_s"], 60.0);
  ASSERT_EQ(json["series"].size(), 1U);
  const Json& series = json["series"][0];
  EXPECT_EQ(series["uuid"], "GPU-1");
  EXPECT_EQ(series["unit"], "ratio");
  ASSERT_EQ(series["count"].size(), 10U);
  for (std::size_t k = 0; k < 10; ++k) {
    EXPECT_EQ(series["count"][k], 60);
    EXPECT_NEAR(series["min"][k], active(60 * k) + 0.01, 1e-3);
    EXPECT_NEAR(series["max"][k], active(60 * k + 59) + 0.01, 1e-3);
    EXPECT_NEAR(series["mean"][k], active(60 * k) + 0.0295 + 0.01, 1e-3);
  }
}

TEST_F(Answered, TheLadderFromMemoryByTheSecond) {
  const Json json = ask("metric=ladder.sm_active,loss.empty_sms&device=0&from=-60s&step=1");
  EXPECT_EQ(json["step_s"], 1.0);
  ASSERT_EQ(json["series"].size(), 2U);
  for (std::size_t k = 0; k < 60; ++k) {
    EXPECT_EQ(json["series"][0]["count"][k], 1);
    EXPECT_NEAR(json["series"][0]["mean"][k], active(540 + k), 1e-6);
    EXPECT_NEAR(json["series"][1]["mean"][k], 1 - active(540 + k), 1e-6);
  }
}

// Older than memory: from the sums of ten seconds, and no window is counted twice where they meet.
TEST_F(Answered, TheLadderOfThePastFromItsSums) {
  const Json json = ask("metric=ladder.sm_active&device=0&from=1764400000&to=1764400600&step=1");
  EXPECT_EQ(json["step_s"], 10.0);
  const Json& series = json["series"][0];
  ASSERT_EQ(series["count"].size(), 60U);
  for (std::size_t k = 0; k < 60; ++k) {
    EXPECT_EQ(series["count"][k], 10) << k;
    EXPECT_NEAR(series["min"][k], active(10 * k), 1e-6);
    EXPECT_NEAR(series["max"][k], active(10 * k + 9), 1e-6);
  }
}

// What lies just before the windows in memory is known in sums of ten seconds alone: none of them
// stands in a grid of seconds as if it were one.
TEST_F(Answered, ASumIsNoWindowOfASecond) {
  History young(2);
  const auto chunk = keeper_->chunks().front();
  const std::int64_t first = chunk.start_ns + 8 * kSecondNs;
  for (int i = 0; i < 20; ++i)
    young.add(first + i * kSecondNs, derived_values(window_at(0, 2, 0.5)));
  auto request = parse_series_request(
      http::Query::parse("metric=ladder.held&device=0&from=1764400000&to=1764400030&step=1")
          .value(),
      kNow, Seconds(1));
  const auto answer = series_answer(
      *request, {{chunk}, &young, devices_, {sample::OriginKind::simulation, "test"}});
  ASSERT_TRUE(answer);
  const Json json = Json::parse(*answer);
  EXPECT_EQ(json["step_s"], 1);
  int known = 0;
  for (const Json& count : json["series"][0]["count"]) {
    ASSERT_LE(count, 1);
    known += count.get<int>();
  }
  EXPECT_EQ(known, 20);
}

TEST_F(Answered, CostAndUnknownAndGaps) {
  const Json json =
      ask("metric=cost.lost_usd_per_hour,ladder.useful,fan_speed&device=GPU-0"
          "&from=1764400550&to=1764400610&step=10");
  EXPECT_EQ(json["series"][0]["unit"], "usd_per_hour");
  EXPECT_NEAR(json["series"][0]["mean"][0], 2.5 * (1 - 0.00039), 1e-3);
  EXPECT_EQ(json["series"][0]["count"][5], 0);
  EXPECT_TRUE(json["series"][0]["mean"][5].is_null());
  for (const std::size_t k : {1U, 2U}) {
    EXPECT_EQ(json["series"][k]["count"][0], 0);
    EXPECT_TRUE(json["series"][k]["min"][0].is_null());
  }
}

TEST_F(Answered, EachDeviceUnlessOneIsNamed) {
  EXPECT_EQ(ask("metric=power,ladder.sol&from=-5s")["series"].size(), 4U);
  EXPECT_EQ(ask("metric=power,power,ladder.sol,power&from=-5s")["series"].size(), 4U);
  EXPECT_EQ(ask("metric=power&device=0,1&from=-5s")["series"].size(), 2U);
  EXPECT_EQ(ask("metric=power&device=1,1&from=-5s")["series"].size(), 1U);
  auto request =
      parse_series_request(http::Query::parse("metric=power&device=7").value(), kNow, Seconds(1));
  const auto answer = series_answer(*request, {{}, &history_, devices_, {}});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::not_found);
}

TEST_F(Answered, MoreFiguresThanMemoryShouldHoldAreRefused) {
  const std::vector<sample::DeviceFacts> many(1024, devices_[0]);
  auto request = parse_series_request(
      http::Query::parse("metric=power,temperature&from=-1h&step=2").value(), kNow, Seconds(1));
  const auto answer = series_answer(*request, {{}, &history_, many, {}});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
}

TEST_F(Answered, WhatAnotherOriginRecordedIsNotMixedIn) {
  auto request = parse_series_request(
      http::Query::parse("metric=power,ladder.sol&from=1764400000&to=1764400200").value(), kNow,
      Seconds(1));
  const auto answer = series_answer(
      *request, {keeper_->chunks(), &history_, devices_, {sample::OriginKind::device, "host"}});
  for (const Json& series : Json::parse(*answer)["series"])
    for (const Json& count : series["count"]) ASSERT_EQ(count, 0);
}

// A record that is damaged ends what can be trusted of its file; the others are still read.
TEST_F(Answered, DamageIsAGap) {
  const Chunk first = keeper_->chunks().front();
  std::filesystem::resize_file(first.sums(), std::filesystem::file_size(first.sums()) / 2);
  std::ofstream(first.recording(), std::ios::in | std::ios::out) << std::string(200, 'x');
  const Json json = ask("metric=power,ladder.held&device=0&from=1764400000&to=1764400600&step=100");
  EXPECT_EQ(json["series"][0]["count"][0], 0);
  EXPECT_EQ(json["series"][0]["count"][3], 100);
  EXPECT_GT(json["series"][1]["count"][0], 0);
  EXPECT_EQ(json["series"][1]["count"][1], 0);
  EXPECT_EQ(json["series"][1]["count"][5], 100);
}

}  // namespace
}  // namespace assay::serve
