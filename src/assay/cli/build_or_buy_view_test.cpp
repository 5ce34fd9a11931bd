// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/build_or_buy_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

#include "assay/catalog/embedded.hpp"

namespace assay::cli {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

BuildOrBuyReport report(plan::BuildOrBuy input) {
  static const catalog::Catalog catalog = *catalog::embedded();
  BuildOrBuyReport out;
  out.input = std::move(input);
  out.result = plan::break_even(out.input);
  out.sensitivity = plan::sensitivity(out.input);
  out.notes = {{"development (NRE)", "$100 M", "--nre"}};
  out.technologies = catalog::technologies(catalog);
  return out;
}

plan::BuildOrBuy article() {
  plan::BuildOrBuy input;
  input.nre = Dollars(100e6);
  input.saving = plan::KnownSaving{Dollars(1000)};
  return input;
}

TEST(BuildOrBuyView, TheArticlesBreakEven) {
  const std::string text = build_or_buy_text(Style{.width = 80}, report(article()));
  EXPECT_THAT(text, HasSubstr("break-even at 100,000 chips"));
  EXPECT_THAT(text, HasSubstr("judgement"));
  const auto json = nlohmann::json::parse(build_or_buy_json(report(article())));
  EXPECT_EQ(json["break_even_chips"], 100000);
  EXPECT_TRUE(json["break_even_tokens_per_year"].is_null());
  EXPECT_EQ(json["sensitivity"][0]["break_even_chips_at_plus_20_percent"], 120000);
  EXPECT_EQ(json["technologies"].size(), 5U);
}

TEST(BuildOrBuyView, NeverIsSaidAndIsNull) {
  plan::BuildOrBuy input = article();
  input.saving = plan::WorkedOut{Dollars(40e3), Watts(400), 1, Dollars(30e3), Watts(700)};
  EXPECT_THAT(build_or_buy_text(Style{.width = 80}, report(input)),
              HasSubstr("building never pays"));
  EXPECT_TRUE(
      nlohmann::json::parse(build_or_buy_json(report(input)))["break_even_chips"].is_null());
}

TEST(BuildOrBuyView, UnknownElectricityIsNotZero) {
  plan::BuildOrBuy input = article();
  input.saving = plan::WorkedOut{Dollars(3e3), std::nullopt, 1, Dollars(30e3), Watts(700)};
  const auto json = nlohmann::json::parse(build_or_buy_json(report(input)));
  EXPECT_TRUE(json["build"]["electricity_usd"].is_null());
  EXPECT_TRUE(json["build"]["total_usd"].is_null());
  EXPECT_GT(json["buy"]["electricity_usd"], 0);
  const std::string text = build_or_buy_text(Style{.width = 120}, report(input));
  EXPECT_THAT(text, HasSubstr("electricity is unknown of one side"));
  EXPECT_THAT(text, ContainsRegex("built +[$]3000 +unknown +unknown"));
}

TEST(BuildOrBuyView, FitsAnyWidth) {
  plan::BuildOrBuy input = article();
  input.saving = plan::WorkedOut{Dollars(4e3), Watts(400), 1, Dollars(30e3), Watts(700)};
  input.tokens_per_second = 2500;
  for (int width = kMinWidth; width <= kMaxWidth; width += 10) {
    std::istringstream lines(build_or_buy_text(Style{.width = width}, report(input)));
    for (std::string line; std::getline(lines, line);) ASSERT_LE(columns(line), width) << line;
  }
}

}  // namespace
}  // namespace assay::cli
