// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/compare_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/claim_view.hpp"
#include "assay/model/library.hpp"

namespace assay::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const catalog::Catalog& chips() {
  static const catalog::Catalog catalog = *catalog::embedded();
  return catalog;
}
const catalog::Claims& claims() {
  static const catalog::Claims all = *catalog::embedded_claims();
  return all;
}

ChipComparison comparison(std::initializer_list<const char*> names) {
  ChipComparison out;
  for (const char* name : names) out.chips.push_back(chips().find(name));
  out.rows = catalog::compare(out.chips);
  out.claims = claims().about(chips(), out.chips);
  return out;
}

ModelRow row_of(const char* name, const ChipComparison& of) {
  const model::Model model = *model::embedded_library()->find(name);
  ModelRow row{name, {}};
  for (const catalog::Chip* chip : of.chips) row.on.push_back(model_on_chip(model, *chip));
  return row;
}

TEST(CompareView, FitsAnyWidthAndKeepsItsSources) {
  ChipComparison all = comparison({"gb200", "gb300", "corsair", "wse-3", "groq", "epyc-9754"});
  all.models.push_back(row_of("llama-3.1-70b", all));
  for (int width = kMinWidth; width <= kMaxWidth; width += 5) {
    std::istringstream lines(compare_text(Style{.width = width}, all));
    for (std::string line; std::getline(lines, line);) {
      if (line.find("http") != std::string::npos) continue;  // an address is never broken
      ASSERT_LE(columns(line), width) << line;
    }
  }
  const std::string text = compare_text(Style{.width = 80}, comparison({"gb200", "gb300"}));
  EXPECT_THAT(text, HasSubstr("15.0 PF"));
  EXPECT_THAT(text, HasSubstr("1.50x in fp4"));
  EXPECT_THAT(text, HasSubstr("[1] Epoch AI"));
  EXPECT_THAT(text, HasSubstr("ConnectX-8"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b"))) << "no colour was asked for";
}

TEST(CompareView, AsciiStaysAscii) {
  const std::string text =
      compare_text(Style{.width = 80, .unicode = false}, comparison({"b200", "b300"}));
  for (const char c : text) ASSERT_LT(static_cast<unsigned char>(c), 0x80) << text;
}

TEST(CompareView, EachClaimShowsVerdictAndEvidence) {
  std::vector<const catalog::Claim*> all;
  for (const catalog::Claim& claim : claims().all()) all.push_back(&claim);
  const std::string text = claims_page(Style{.width = 160}, all);
  for (const catalog::Claim* claim : all) EXPECT_THAT(text, HasSubstr(claim->statement));
  EXPECT_THAT(text, HasSubstr("+45.2 %"));
  EXPECT_THAT(text, HasSubstr("contradicted"));
  const auto json = nlohmann::json::parse(claims_page_json(all));
  EXPECT_EQ(json["claims"].size(), all.size());
  EXPECT_EQ(json["claims"][0]["origin"]["date"].get<std::string>().substr(0, 2), "20");
}

TEST(CompareView, JsonHasNullForTheUnknown) {
  ChipComparison pair = comparison({"agilex-7-m", "h100"});
  pair.models.push_back(row_of("llama-3.1-8b", pair));
  const auto json = nlohmann::json::parse(compare_json(pair));
  EXPECT_EQ(json["schema"], "assay.compare/1");
  const auto& half = json["figures"][0];
  EXPECT_EQ(half["id"], "peak_half");
  EXPECT_TRUE(half["cells"][0]["value"].is_null());
  EXPECT_TRUE(half["cells"][1]["ratio"].is_null());
  EXPECT_EQ(half["cells"][1]["source"]["confidence"], "verified");
  EXPECT_TRUE(json["models"][0]["on"][1]["planned"].is_null());
}

TEST(ModelOnChip, BoundsFollowFromCapacityBandwidthAndPeak) {
  const model::Model model = *model::embedded_library()->find("llama-3.1-8b");
  const ModelOnChip on = model_on_chip(model, *chips().find("h100"));
  EXPECT_EQ(on.chips_needed, 1);
  // Memory less weights over 128 KiB a token.
  EXPECT_NEAR(*on.kv_room_tokens, (mib(81559) - on.weights).value() / 131072, 1);
  EXPECT_NEAR(*on.decode_tokens_per_second, 3350e9 / on.weights.value(), 20)
      << "less the embedding";
  EXPECT_GT(*on.decode_tokens_per_second, 3350e9 / on.weights.value());
  EXPECT_NEAR(*on.prefill_tokens_per_second, 989.4e12 / (2 * model::active_parameters(model)), 1);
}

TEST(ModelOnChip, SpillsFromTierToTier) {
  const model::Model model = *model::embedded_library()->find("llama-3.1-8b");
  const ModelOnChip on = model_on_chip(model, *chips().find("corsair"));
  EXPECT_EQ(on.chips_needed, 1);
  EXPECT_LT(*on.decode_tokens_per_second, 35) << "14 GB come from LPDDR5X at 400 GB/s";
  EXPECT_FALSE(on.prefill_tokens_per_second.has_value()) << "no 16-bit peak is known";
  const ModelOnChip groq = model_on_chip(model, *chips().find("groq"));
  EXPECT_EQ(groq.chips_needed, 70);
  EXPECT_FALSE(groq.kv_room_tokens.has_value());
  EXPECT_FALSE(groq.decode_tokens_per_second.has_value());
}

// A cell has nine columns for the value and six for a blank and the ratio.
TEST(CompareFormat, ValuesAndRatiosNeverRunTogether) {
  for (double ratio = 1e-8; ratio < 1e8; ratio *= 1.01) {
    ASSERT_LE(columns(ratio_text(ratio)), 5) << ratio;
  }
  std::vector<const catalog::Chip*> all;
  for (const catalog::Chip& chip : chips().all()) all.push_back(&chip);
  for (const catalog::Row& row : catalog::compare(all)) {
    for (const catalog::Cell& cell : row.cells) {
      if (!cell.value) continue;
      ASSERT_LE(columns(row_value(row.unit, *cell.value)), 9) << row.id << " " << *cell.value;
    }
  }
}

TEST(CompareFormat, RatiosAndFigures) {
  EXPECT_EQ(ratio_text(1.0001), "level");
  EXPECT_EQ(ratio_text(1.5), "1.50x");
  EXPECT_EQ(ratio_text(0.0325), "0.03x");
  EXPECT_EQ(ratio_text(6269), "6269x");
  EXPECT_EQ(ratio_text(20'008), "20kx");
  EXPECT_EQ(ratio_text(0.003), "1/333");
  EXPECT_EQ(ratio_text(2.4e-6), "1/.4M");
  EXPECT_EQ(row_value(catalog::RowUnit::flops_per_second, 2.25e15), "2.25 PF");
  EXPECT_EQ(row_value(catalog::RowUnit::bytes_per_second, 7.7e12), "7.70 TB/s");
  EXPECT_EQ(row_value(catalog::RowUnit::bytes, gib(80).value()), "80 GiB");
  EXPECT_EQ(stated_text({1.452, "ratio"}), "+45.2 %");
  EXPECT_EQ(stated_text({2.119, "ratio"}), "2.12x");
  EXPECT_EQ(stated_text({1400, "W"}), "1400 W");
}

}  // namespace
}  // namespace assay::cli
