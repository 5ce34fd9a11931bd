// SPDX-License-Identifier: Apache-2.0
#include "assay/format/format.hpp"

#include <gtest/gtest.h>

namespace assay::format {
namespace {

TEST(Percent, KeepsThreeFiguresAndNeverRoundsToTheEnds) {
  EXPECT_EQ(percent(Ratio::fraction(0)), "0 %");
  EXPECT_EQ(percent(Ratio::fraction(1)), "100 %");
  EXPECT_EQ(percent(Ratio::fraction(1.0 / 132)), "0.76 %");
  EXPECT_EQ(percent(Ratio::fraction(1.0 / 132 / 64)), "0.012 %");
  EXPECT_EQ(percent(Ratio::fraction(0.5)), "50.0 %");
  EXPECT_EQ(percent(Ratio::fraction(0.99999)), "99.9+ %");
  EXPECT_EQ(percent(Ratio::fraction(1e-9)), "<0.001 %");
}

TEST(Quantity, PicksTheUnitThatReads) {
  EXPECT_EQ(quantity(metric::Unit::watts, 127.8), "128 W");
  EXPECT_EQ(quantity(metric::Unit::bytes, 85520809984.0), "79.6 GiB");
  EXPECT_EQ(quantity(metric::Unit::bytes_per_second, 3.02e12), "3.02 TB/s");
  EXPECT_EQ(quantity(metric::Unit::bytes_per_second, 0), "0 B/s");
  EXPECT_EQ(quantity(metric::Unit::hertz, 1.98e9), "1980 MHz");
}

TEST(Dollars, SmallIsNotZero) {
  EXPECT_EQ(dollars(DollarsPerHour(2.488)), "$2.49/h");
  EXPECT_EQ(dollars(DollarsPerHour(0)), "$0.00/h");
  EXPECT_EQ(dollars(DollarsPerHour(0.001)), "<$0.01/h");
}

TEST(Wall, IsUtcAndRoundTrips) {
  const sample::WallTime at{1763800812'123'000'000};
  EXPECT_EQ(wall_iso(at), "2025-11-22T08:40:12.123Z");
  EXPECT_EQ(wall_text(at), "2025-11-22 08:40:12Z");
  EXPECT_EQ(parse_wall("2025-11-22T08:40:12.123Z").value(), at);
  EXPECT_FALSE(parse_wall("yesterday"));
  EXPECT_FALSE(parse_wall("2025-11-22T08:40:12Zebra"));
}

TEST(Duration, TakesUnitsAndRefusesTheRest) {
  EXPECT_DOUBLE_EQ(parse_duration("500ms")->value(), 0.5);
  EXPECT_DOUBLE_EQ(parse_duration("2s")->value(), 2);
  EXPECT_DOUBLE_EQ(parse_duration("1.5m")->value(), 90);
  for (const char* bad : {"", "0", "100", "-1s", "1 s", "1x", "s", "nan", "inf", "1e99h"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

}  // namespace
}  // namespace assay::format
