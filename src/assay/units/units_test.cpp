// SPDX-License-Identifier: Apache-2.0
#include "assay/units/units.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace assay {
namespace {

TEST(Units, NamedConstructorsGiveTheBaseUnit) {
  EXPECT_DOUBLE_EQ(milliwatts(301500).value(), 301.5);
  EXPECT_DOUBLE_EQ(millijoules(2500).value(), 2.5);
  EXPECT_EQ(kib(1), Bytes(1024));
  EXPECT_EQ(mib(1), kib(1024));
  EXPECT_EQ(gib(1), mib(1024));
  EXPECT_EQ(gigabytes(80), Bytes(80e9));
  EXPECT_EQ(gigabytes_per_second(3352), BytesPerSecond(3.352e12));
  EXPECT_EQ(mib_per_second(1), BytesPerSecond(1048576));
  EXPECT_EQ(teraflops(989), FlopsPerSecond(989e12));
  EXPECT_EQ(megahertz(1980), Hertz(1.98e9));
  EXPECT_DOUBLE_EQ(milliseconds(100).value(), 0.1);
  EXPECT_DOUBLE_EQ(microseconds(50).value(), 50e-6);
}

TEST(Units, AMegabyteIsNoMebibyte) { EXPECT_GT(gib(80), gigabytes(80)); }

TEST(Units, ProductsAndQuotientsHaveTheirOwnUnit) {
  EXPECT_EQ(Watts(300) * Seconds(2), Joules(600));
  EXPECT_EQ(Joules(600) / Seconds(2), Watts(300));
  EXPECT_EQ(Bytes(100) / Seconds(4), BytesPerSecond(25));
  EXPECT_EQ(Bytes(100) / BytesPerSecond(25), Seconds(4));
  EXPECT_EQ(Flops(100) / Seconds(4), FlopsPerSecond(25));
  EXPECT_EQ(Flops(100) / FlopsPerSecond(25), Seconds(4));
}

TEST(Units, APricePerHourIsPaidBySecond) {
  EXPECT_EQ(DollarsPerHour(2.99) * Seconds(3600), Dollars(2.99));
  EXPECT_EQ(DollarsPerHour(3.6) * Seconds(1), Dollars(0.001));
}

TEST(Ratio, PercentAndFractionAreTold) {
  EXPECT_EQ(Ratio::percent(50), Ratio::fraction(0.5));
  EXPECT_EQ(Ratio::fraction(0.25).as_percent(), 25);
  EXPECT_LT(Ratio::percent(1), Ratio::fraction(1));
}

TEST(Ratio, RoundTripsThroughPercent) {
  EXPECT_TRUE(rc::check([](std::uint16_t n) {
    const double percent = n / 655.35;
    RC_ASSERT(std::abs(Ratio::percent(percent).as_percent() - percent) <= 1e-12 * percent);
  }));
}

TEST(Ratio, TakesAPartOfAnyQuantity) {
  EXPECT_EQ(Ratio::percent(25) * DollarsPerHour(4), DollarsPerHour(1));
  EXPECT_EQ(Ratio::percent(50) * gib(80), gib(40));
  EXPECT_EQ(Ratio::percent(50) * Ratio::percent(50), Ratio::percent(25));
}

// A driver that answers 104 % must stay visible as 104 %: soundness is the reader's to judge.
TEST(Ratio, DoesNotClamp) {
  EXPECT_DOUBLE_EQ(Ratio::percent(104).value(), 1.04);
  EXPECT_DOUBLE_EQ((Ratio::percent(10) - Ratio::percent(30)).value(), -0.2);
}

}  // namespace
}  // namespace assay
