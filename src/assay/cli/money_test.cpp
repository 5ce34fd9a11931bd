// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/money.hpp"

#include <gtest/gtest.h>

namespace assay::cli {
namespace {

TEST(Money, SuffixesAreThousandsMillionsBillions) {
  EXPECT_EQ(*parse_money("1000"), Dollars(1000));
  EXPECT_EQ(*parse_money("$1.5k"), Dollars(1500));
  EXPECT_EQ(*parse_money("100M"), Dollars(100e6));
  EXPECT_EQ(*parse_money("60m"), Dollars(60e6));
  EXPECT_EQ(*parse_money("2B"), Dollars(2e9));
  EXPECT_EQ(*parse_money("0.08"), Dollars(0.08));
}

TEST(Money, NonsenseIsRefused) {
  for (const char* text : {"", "0", "-5", "-1M", "M", "$", "1MM", "1 000", "ten", "nan", "inf",
                           "1e30", "0x10", "1T", "5%", "1,000", "+5", "k1"}) {
    const auto parsed = parse_money(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(parsed.error().message.find("is no amount of money"), std::string::npos);
  }
}

TEST(Money, ShowsThreeFigures) {
  EXPECT_EQ(money(Dollars(100e6)), "$100.0 M");
  EXPECT_EQ(money(Dollars(2500)), "$2500");
  EXPECT_EQ(money(Dollars(29000)), "$29.00 k");
  EXPECT_EQ(money(Dollars(0.08)), "$0.080");
  EXPECT_EQ(money(Dollars(-1234567)), "-$1.23 M");
}

}  // namespace
}  // namespace assay::cli
