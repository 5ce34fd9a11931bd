// SPDX-License-Identifier: Apache-2.0
#include "assay/metric/metric.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>

namespace assay::metric {
namespace {

TEST(Metric, RowsStandAtTheirOwnIndex) {
  ASSERT_EQ(all().size(), kCount);
  for (std::size_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(index(all()[i].id), i);
    EXPECT_EQ(&def(all()[i].id), &all()[i]);
  }
}

TEST(Metric, NamesAreUniqueAndFoundAgain) {
  std::set<std::string_view> names;
  for (const Def& row : all()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(find(row.name), row.id);
    EXPECT_EQ(to_string(row.id), row.name);
  }
}

// The name goes as it is into JSON keys, SQL and OpenMetrics: [a-z][a-z0-9_]*.
TEST(Metric, NamesFitEveryWire) {
  for (const Def& row : all()) {
    EXPECT_TRUE(row.name[0] >= 'a' && row.name[0] <= 'z') << row.name;
    EXPECT_EQ(row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), row.name.npos)
        << row.name;
  }
}

TEST(Metric, UnknownNamesAreNotFound) {
  for (const char* name : {"", " ", "Power", "power ", "gpu_utilization"})
    EXPECT_EQ(find(name), std::nullopt) << name;
}

TEST(Metric, AnyTextIsFoundOnlyIfItIsAName) {
  EXPECT_TRUE(rc::check([](const std::string& text) {
    const auto id = find(text);
    if (id) RC_ASSERT(to_string(*id) == text);
  }));
}

// Help stands after the name in --help, docs and "# HELP" lines: one phrase on one line.
TEST(Metric, EachRowHasHelpOnOneLine) {
  for (const Def& row : all()) {
    EXPECT_GT(row.help.size(), 10U) << row.name;
    EXPECT_EQ(row.help.find_first_of("\n\t\\\"|"), row.help.npos) << row.name;
    EXPECT_FALSE(row.help.ends_with('.')) << row.name;
  }
}

TEST(Metric, NamesDoNotRepeatTheUnitThatTheTableHas) {
  for (const Def& row : all()) {
    for (const char* ending : {"_percent", "_mib", "_mw", "_watts", "_bytes", "_ms"})
      EXPECT_FALSE(row.name.ends_with(ending)) << row.name;
  }
}

TEST(Metric, EachRowNamesARealSource) {
  for (const Def& row : all()) EXPECT_NE(row.source, Source::none) << row.name;
}

TEST(Metric, TheLadderHasItsCounters) {
  for (Id id : {Id::sm_active, Id::sm_occupancy, Id::dram_util, Id::tensor_util, Id::fp32_util}) {
    EXPECT_EQ(def(id).source, Source::gpm) << to_string(id);
    EXPECT_EQ(def(id).unit, Unit::ratio) << to_string(id);
  }
}

TEST(Metric, SourcesRoundTripThroughTheirWords) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Source::computed); ++i) {
    const auto source = static_cast<Source>(i);
    EXPECT_EQ(parse_source(to_string(source)), source);
    words.insert(to_string(source));
  }
  EXPECT_EQ(words.size(), static_cast<std::size_t>(Source::computed) + 1);
  EXPECT_EQ(parse_source("pm-sampling"), Source::pm_sampling);
  EXPECT_EQ(parse_source("GPM"), std::nullopt);
  EXPECT_EQ(parse_source(""), std::nullopt);
}

TEST(Metric, UnitsAndKindsHaveWordsOfTheirOwn) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Unit::count); ++i)
    words.insert(to_string(static_cast<Unit>(i)));
  EXPECT_EQ(words.size(), static_cast<std::size_t>(Unit::count) + 1);
  EXPECT_NE(to_string(Kind::gauge), to_string(Kind::counter));
}

TEST(Metric, TheTypeOfAValueIsItsUnit) {
  EXPECT_TRUE((std::is_same_v<Value<Id::power>, Watts>));
  EXPECT_TRUE((std::is_same_v<Value<Id::sm_active>, Ratio>));
  EXPECT_TRUE((std::is_same_v<Value<Id::memory_used>, Bytes>));
  EXPECT_EQ(def(Id::pcie_tx).unit, Unit::bytes_per_second);
  EXPECT_EQ(def(Id::energy).kind, Kind::counter);
}

}  // namespace
}  // namespace assay::metric
