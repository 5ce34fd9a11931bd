// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/sample.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

namespace assay::sample {
namespace {

using metric::Id;

TEST(Sample, KnowsNothingAtFirst) {
  const Sample sample;
  for (const metric::Def& row : metric::all()) {
    EXPECT_FALSE(sample.at_id(row.id).usable()) << row.name;
    EXPECT_EQ(sample.at_id(row.id).reason(), Reason::not_read) << row.name;
  }
  EXPECT_EQ(sample.processes_reason, Reason::not_read);
}

TEST(Sample, TypedSetAndGetRoundTrip) {
  EXPECT_TRUE(rc::check([](double watts, double percent, double bytes) {
    const auto power = Reading<Watts>::measured(Watts(watts), Source::nvml, Seconds(1));
    const auto active =
        Reading<Ratio>::invalid(Ratio::percent(percent), Reason::out_of_range, Source::gpm);
    const auto used = Reading<Bytes>::stale(Bytes(bytes), Reason::timeout, Source::nvml);
    Sample sample;
    sample.set<Id::power>(power);
    sample.set<Id::sm_active>(active);
    sample.set<Id::memory_used>(used);
    RC_ASSERT(sample.get<Id::power>() == power);
    RC_ASSERT(sample.get<Id::sm_active>() == active);
    RC_ASSERT(sample.get<Id::memory_used>() == used);
  }));
}

TEST(Sample, SettingOneMetricLeavesTheOthers) {
  Sample sample;
  sample.set<Id::power>(Reading<Watts>::measured(Watts(301), Source::nvml));
  std::size_t usable = 0;
  for (const Reading<double>& reading : sample.readings) usable += reading.usable() ? 1U : 0U;
  EXPECT_EQ(usable, 1U);
}

TEST(Sample, UntypedValuesAreInTheBaseUnit) {
  Sample sample;
  sample.set<Id::gpu_util>(Reading<Ratio>::measured(Ratio::percent(87), Source::nvml));
  sample.set<Id::memory_total>(Reading<Bytes>::measured(mib(2), Source::nvml));
  EXPECT_DOUBLE_EQ(*sample.at_id(Id::gpu_util).value(), 0.87);
  EXPECT_DOUBLE_EQ(*sample.at_id(Id::memory_total).value(), 2097152);
  sample.at_id(Id::fan_speed) = Reading<double>::measured(0.5, Source::nvml);
  EXPECT_EQ(sample.get<Id::fan_speed>().value(), Ratio::percent(50));
}

TEST(Sample, AnUnknownStaysUnknownThroughTheTypes) {
  EXPECT_TRUE(rc::check([] {
    const auto reason = static_cast<Reason>(*rc::gen::inRange(0, static_cast<int>(kReasonCount)));
    Sample sample;
    sample.set<Id::sm_active>(Reading<Ratio>::unknown(reason, Source::gpm, Seconds(1)));
    RC_ASSERT(!sample.at_id(Id::sm_active).raw().has_value());
    RC_ASSERT(!sample.get<Id::sm_active>().value().has_value());
    RC_ASSERT(sample.get<Id::sm_active>().reason() == reason);
  }));
}

TEST(Sample, ACopyStandsAlone) {
  Sample first;
  first.processes.push_back({.pid = 7, .name = "train", .memory = {}, .time_share = {}});
  Sample second = first;
  second.processes[0].pid = 8;
  second.set<Id::power>(Reading<Watts>::measured(Watts(1), Source::nvml));
  EXPECT_EQ(first.processes[0].pid, 7);
  EXPECT_FALSE(first.get<Id::power>().usable());
}

TEST(WallTime, IsOrdered) {
  EXPECT_LT(WallTime{1}, WallTime{2});
  EXPECT_EQ(WallTime{}, WallTime{0});
}

TEST(Origin, KindsHaveWordsOfTheirOwn) {
  const std::set<std::string_view> words = {to_string(OriginKind::device),
                                            to_string(OriginKind::recording),
                                            to_string(OriginKind::simulation)};
  EXPECT_EQ(words.size(), 3U);
  EXPECT_TRUE(words.contains("recording"));
}

}  // namespace
}  // namespace assay::sample
