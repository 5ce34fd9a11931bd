// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "assay/catalog/embedded.hpp"

namespace assay::catalog {
namespace {

const Claims& all_claims() {
  static const Claims claims = *embedded_claims();
  return claims;
}

double evidence(std::string_view claim_id, std::string_view text) {
  const Claim* claim = all_claims().find(claim_id);
  if (claim != nullptr) {
    for (const Evidence& row : claim->evidence) {
      if (row.text.find(text) != std::string::npos && row.figure) return row.figure->value;
    }
  }
  ADD_FAILURE() << claim_id << " has no evidence \"" << text << "\" with a figure";
  return 0;
}

TEST(EmbeddedClaims, EveryFileIsClean) {
  EXPECT_GE(embedded_claim_files().size(), 19U);
  for (const Error& error : Claims::check(embedded_claim_files())) ADD_FAILURE() << error.message;
}

// Each ratio and figure that rests on the catalog is computed anew from the chips' files.
TEST(EmbeddedClaims, AgreeWithTheCatalog) {
  const auto catalog = embedded();
  ASSERT_TRUE(catalog) << catalog.error().message;
  for (const Error& error : all_claims().check_against(*catalog)) ADD_FAILURE() << error.message;
  int computed = 0;
  for (const Claim& claim : all_claims().all()) {
    for (const Evidence& row : claim.evidence) computed += row.arithmetic.index() != 0 ? 1 : 0;
  }
  EXPECT_GE(computed, 40);
}

TEST(EmbeddedClaims, B300IsFasterInDenseFp4Only) {
  const Claim* claim = all_claims().find("b300-50-percent");
  ASSERT_NE(claim, nullptr);
  EXPECT_EQ(claim->verdict, Verdict::partly);
  EXPECT_NEAR(evidence("b300-50-percent", "DeepSeek-R1 offline"), 1.452, 5e-4);
  EXPECT_NEAR(evidence("b300-50-percent", "DeepSeek-R1 server"), 1.249, 5e-4);
  EXPECT_NEAR(evidence("b300-50-percent", "405B offline"), 1.090, 5e-4);
  EXPECT_NEAR(evidence("b300-50-percent", "405B server"), 1.055, 5e-4);
  EXPECT_EQ(evidence("b300-50-percent", "Dense bf16"), 1);
}

TEST(EmbeddedClaims, HoldTheVerdictsOfTheSurvey) {
  const std::pair<const char*, Verdict> verdicts[] = {
      {"ryzen-395-vray", Verdict::partly},
      {"ryzen-395-blender-corona", Verdict::unverified},
      {"ryzen-395-cinebench", Verdict::unverified},
      {"ryzen-395-which-m4", Verdict::contradicted},
      {"ryzen-395-bandwidth", Verdict::confirmed},
      {"b300-1400w", Verdict::partly},
      {"b300-288gb", Verdict::partly},
      {"gb300-connectx8", Verdict::confirmed},
      {"gb300-pcie-48", Verdict::contradicted},
      {"b300-six-months", Verdict::partly},
      {"meta-15b", Verdict::unverified},
      {"gpt4-32k", Verdict::contradicted},
      {"gpu-util-one-thread", Verdict::confirmed},
      {"asic-break-even", Verdict::confirmed}};
  for (const auto& [id, verdict] : verdicts) {
    const Claim* claim = all_claims().find(id);
    ASSERT_NE(claim, nullptr) << id;
    EXPECT_EQ(claim->verdict, verdict) << id;
    EXPECT_FALSE(claim->origin().date.empty()) << id;
  }
  EXPECT_EQ(evidence("asic-break-even", "100 M $"), 100'000);
  EXPECT_EQ(evidence("asic-break-even", "60 M $"), 30'000);
}

}  // namespace
}  // namespace assay::catalog
