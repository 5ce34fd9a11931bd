// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/build_or_buy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::plan {
namespace {

using ::testing::HasSubstr;

BuildOrBuy known(double nre, double saving) {
  BuildOrBuy input;
  input.nre = Dollars(nre);
  input.saving = KnownSaving{Dollars(saving)};
  return input;
}

// 100 M$; a chip of 5 k$ and 400 W against one of 30 k$ and 700 W; 0.1 $/kWh, PUE 1.2, 4 years,
// half.
BuildOrBuy worked_out() {
  BuildOrBuy input;
  input.nre = Dollars(100e6);
  input.saving = WorkedOut{Dollars(5000), Watts(400), 1, Dollars(30000), Watts(700)};
  input.electricity = {Dollars(0.1), 1.2};
  input.duty = {4, Ratio::fraction(0.5)};
  return input;
}

TEST(BuildOrBuy, TheArticlesOwnFigures) {
  EXPECT_DOUBLE_EQ(*break_even(known(100e6, 1000)).chips, 100'000);
  EXPECT_DOUBLE_EQ(*break_even(known(60e6, 2000)).chips, 30'000);
  EXPECT_FALSE(break_even(known(60e6, 2000)).tokens_per_year.has_value()) << "no tokens were given";
}

TEST(BuildOrBuy, TheSavingIsPriceAndElectricity) {
  const BreakEven out = break_even(worked_out());
  // 0.7 kW x 4 x 8766 h x 0.5 x 1.2 x 0.1 $
  EXPECT_NEAR(out.buy->electricity->value(), 1472.7, 0.1);
  EXPECT_NEAR(out.build->electricity->value(), 841.5, 0.1);
  EXPECT_NEAR(out.saving_per_chip.value(), 25'000 + 631.2, 0.1);
  EXPECT_NEAR(*out.chips, 100e6 / 25'631.2, 0.1);
}

TEST(BuildOrBuy, HalfThePerformanceNeedsTwoChips) {
  BuildOrBuy input = worked_out();
  std::get<WorkedOut>(input.saving).performance = 0.5;
  const BreakEven out = break_even(input);
  EXPECT_EQ(out.build->capital, Dollars(10'000));
  EXPECT_NEAR(out.build->electricity->value(), 1683.1, 0.1);
}

TEST(BuildOrBuy, ElectricityOfOneSideAloneIsNoSaving) {
  BuildOrBuy input = worked_out();
  std::get<WorkedOut>(input.saving).power = std::nullopt;
  const BreakEven out = break_even(input);
  EXPECT_EQ(out.saving_per_chip, Dollars(25'000));
  EXPECT_TRUE(out.hardware_alone());
  EXPECT_FALSE(break_even(worked_out()).hardware_alone());
  EXPECT_NEAR(out.buy->electricity->value(), 1472.7, 0.1) << "its power is known";
  EXPECT_FALSE(out.build->electricity.has_value()) << "unknown is not 0";
  EXPECT_FALSE(out.build->total().has_value());
}

TEST(BuildOrBuy, NeverPaysWhereTheChipCostsMore) {
  BuildOrBuy input = worked_out();
  std::get<WorkedOut>(input.saving).chip_cost = Dollars(40'000);
  const BreakEven out = break_even(input);
  EXPECT_LT(out.saving_per_chip, Dollars(0));
  EXPECT_FALSE(out.chips.has_value());
  EXPECT_FALSE(out.tokens_per_year.has_value());
}

TEST(BuildOrBuy, TokensOfAYear) {
  BuildOrBuy input = worked_out();
  input.tokens_per_second = 1000;
  const BreakEven out = break_even(input);
  const double a_chip = 1000 * 0.5 * 8766 * 3600;
  EXPECT_NEAR(*out.tokens_per_year / *out.chips, a_chip, 1);
  EXPECT_NEAR(out.buy_per_mtok->value(), out.buy->total()->value() / (4 * a_chip) * 1e6, 1e-9);
}

TEST(BuildOrBuy, EachInputMovesTheAnswerItsWay) {
  const double base = *break_even(worked_out()).chips;
  const auto rows = sensitivity(worked_out());
  ASSERT_EQ(rows.size(), 9U) << "all but the known saving";
  for (const Sensitivity& row : rows) {
    const bool dearer = row.input == "nre" || row.input == "chip_cost" || row.input == "power";
    EXPECT_EQ(*row.chips_if_more > base, dearer) << row.input;
    EXPECT_EQ(*row.chips_if_less < base, dearer) << row.input;
  }
  EXPECT_EQ(sensitivity(known(1e6, 10)).size(), 2U) << "nothing but the two matters";
}

TEST(BuildOrBuy, UtilizationStopsAtAll) {
  BuildOrBuy input = worked_out();
  input.duty.utilization = Ratio::fraction(1);
  const auto rows = sensitivity(input);
  const auto row = std::ranges::find(rows, "utilization", &Sensitivity::input);
  EXPECT_EQ(row->chips_if_more, break_even(input).chips);
}

TEST(BuildOrBuy, NonsenseIsRefusedInOneSentence) {
  const auto says = [](const BuildOrBuy& input) {
    const Status status = check(input);
    return status ? std::string("ok") : status.error().message;
  };
  EXPECT_EQ(says(worked_out()), "ok");
  EXPECT_EQ(says(known(0, 1000)), "the cost of development is 0: it must be a number above 0");
  EXPECT_THAT(says(known(1e6, -3)), HasSubstr("the saving per chip is -3"));
  EXPECT_THAT(says(known(std::numeric_limits<double>::infinity(), 1)), HasSubstr("is inf"));
  EXPECT_THAT(says(known(std::numeric_limits<double>::quiet_NaN(), 1)), HasSubstr("is nan"));
  BuildOrBuy input = worked_out();
  input.electricity.pue = 0.5;
  EXPECT_THAT(says(input), HasSubstr("the PUE is 0.5"));
  input = worked_out();
  input.duty.utilization = Ratio::fraction(1.5);
  EXPECT_THAT(says(input), HasSubstr("1 (100 %) at most"));
  input = worked_out();
  input.duty.years = 0;
  EXPECT_THAT(says(input), HasSubstr("years is 0"));
}

// Whatever the inputs: a fleet of just that size costs the same built or bought.
TEST(BuildOrBuy, AtBreakEvenBothCostTheSame) {
  EXPECT_TRUE(rc::check([] {
    BuildOrBuy input = worked_out();
    input.nre = Dollars(*rc::gen::inRange(1, 1'000'000) * 1e3);
    auto& from = std::get<WorkedOut>(input.saving);
    from.chip_cost = Dollars(*rc::gen::inRange(1, 60'000));
    from.power = Watts(*rc::gen::inRange(1, 2000));
    from.performance = *rc::gen::inRange(1, 40) / 10.0;
    RC_ASSERT(check(input).ok());
    const BreakEven out = break_even(input);
    if (!out.chips) {
      RC_ASSERT(out.saving_per_chip <= Dollars(0));
      return;
    }
    RC_ASSERT(std::abs(*out.own_chips * from.performance / *out.chips - 1) < 1e-9);
    const double buy = *out.chips * out.buy->total()->value();
    const double build = *out.chips * out.build->total()->value() + input.nre.value();
    RC_ASSERT(std::abs(buy / build - 1) < 1e-9);
  }));
}

}  // namespace
}  // namespace assay::plan
