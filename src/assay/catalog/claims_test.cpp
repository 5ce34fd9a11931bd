// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/claims.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "assay/catalog/test_chip.hpp"
#include "assay/catalog/test_claim.hpp"

namespace assay::catalog {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

Result<Claims> parse(std::string_view text) {
  const std::array files{text::NamedText{"claims/toy-doubles.toml", text}};
  return Claims::parse(files);
}

// Two toys: "toy", and "toy-0" of half its bf16 peak.
Catalog toys(std::string_view half = "tera_ops = 20.48, clock_mhz = 500") {
  std::string old = edited(kTestChip, "id = \"toy\"", "id = \"toy-0\"");
  old = edited(old, "NVIDIA Toy", "NVIDIA Toy 0");
  old = edited(old, "tera_ops = 40.96, clock_mhz = 1000", half);
  const std::array files{text::NamedText{"toy.toml", kTestChip},
                         text::NamedText{"toy-0.toml", old}};
  return *Catalog::parse(files);
}

TEST(Claims, ReadsEveryField) {
  const auto claims = parse(kTestClaim);
  ASSERT_TRUE(claims) << claims.error().message;
  ASSERT_THAT(claims->all(), SizeIs(1));
  const Claim& claim = claims->all()[0];
  EXPECT_EQ(claim.statement, "Toy is twice as fast.");
  EXPECT_EQ(claim.verdict, Verdict::partly);
  EXPECT_EQ(claim.origin().title, "Advert");
  EXPECT_EQ(claim.figure->value, 2);
  ASSERT_THAT(claim.evidence, SizeIs(2));
  EXPECT_FALSE(claim.evidence[0].source.has_value()) << "the catalog's own figures";
  EXPECT_EQ(std::get<FromCatalog>(claim.evidence[0].arithmetic).over, "toy-0");
  EXPECT_EQ(claim.sources.at(*claim.evidence[1].source).title, "A run");
  EXPECT_EQ(claim.evidence[1].confidence, Confidence::partial);
  EXPECT_EQ(claim.evidence[1].stance, Stance::against);
  EXPECT_EQ(claims->find("toy-doubles"), &claim);
  EXPECT_EQ(claims->find("toy"), nullptr);
}

struct BadClaim {
  const char* from;
  const char* to;
  const char* line;
  const char* says;
};

class BadClaims : public ::testing::TestWithParam<BadClaim> {};

TEST_P(BadClaims, GiveOneErrorWithFileAndLine) {
  const std::string text = edited(kTestClaim, GetParam().from, GetParam().to);
  const std::array files{text::NamedText{"claims/toy-doubles.toml", text}};
  const auto errors = Claims::check(files);
  ASSERT_THAT(errors, SizeIs(1)) << (errors.empty() ? "" : errors.back().message);
  EXPECT_THAT(errors[0].message,
              StartsWith(std::string("claims/toy-doubles.toml:") + GetParam().line + ": "));
  EXPECT_THAT(errors[0].message, HasSubstr(GetParam().says));
}

constexpr BadClaim kBadClaims[] = {
    {"toy-doubles", "toy-triples", "1", "differs from the file's name"},
    {"said_by = \"Its maker\"\n", "", "1", "said_by is missing"},
    {"verdict = \"partly\"", "verdict = \"maybe\"", "10", "confirmed, partly, contradicted"},
    {"source = \"ad\"", "source = \"add\"", "9", "did you mean \"ad\"?"},
    {"source = \"run\"\nconfidence = \"partial\"\n", "", "18", "source in [[evidence]] is missing"},
    {"stance = \"against\"", "stance = \"anti\"", "20", "supports, against, context"},
    {"value = 1.25", "value = 1.3", "18", "but 50 / 40 is 1.25"},
    {"value = 1.25\nunit = \"ratio\"\n", "", "18", "how its figure follows and gives none"},
    {"value = 2\nunit = \"ratio\"\nsource", "value = 2\nsource", "1", "unit is missing"},
    {"dtype = \"bf16\", ", "", "17", "dtype in [[evidence]] catalog is missing"},
    {"measure = \"peak\"", "measure = \"speed\"", "17", "peak, bandwidth, capacity"},
    {"quotient = {of = 50, over = 40}", "quotient = 1.25", "23", "write a table {of, over}"},
    {"over = 40}", "over = 0}", "23", "must be above 0"},
    {"finding = \"Of one dtype.\"\n", "", "1", "finding is missing"},
};

INSTANTIATE_TEST_SUITE_P(Each, BadClaims, ::testing::ValuesIn(kBadClaims));

TEST(Claims, DriftFromTheCatalogIsTold) {
  const auto claims = parse(kTestClaim);
  ASSERT_TRUE(claims) << claims.error().message;
  EXPECT_THAT(claims->check_against(toys()), IsEmpty());
  const auto drifted = claims->check_against(toys("tera_ops = 30.72, clock_mhz = 750"));
  ASSERT_THAT(drifted, SizeIs(1));
  EXPECT_EQ(drifted[0].message,
            "claims/toy-doubles.toml:1: the peak of \"toy\" is 1.333 by the catalog, and the "
            "evidence says 2: mend the one that is wrong");
  const auto empty = claims->check_against(Catalog());
  ASSERT_THAT(empty, SizeIs(3));  // the chip, the baseline, the evidence
  EXPECT_THAT(empty[2].message, HasSubstr("the catalog has no peak of \"toy\""));
}

TEST(Claims, AboutAChipOrAgainstIt) {
  const auto claims = parse(kTestClaim);
  ASSERT_TRUE(claims);
  const Catalog catalog = toys();
  const std::array first{catalog.find("toy")};
  const std::array second{catalog.find("toy-0")};
  EXPECT_THAT(claims->about(catalog, first), SizeIs(1));
  EXPECT_THAT(claims->about(catalog, second), SizeIs(1)) << "as the baseline";
  EXPECT_THAT(claims->about(catalog, {}), IsEmpty());
}

TEST(Claims, OverlayReplacesAndAnIdIsOfOneFile) {
  const auto base = parse(kTestClaim);
  ASSERT_TRUE(base);
  const std::string mine = edited(kTestClaim, "\"partly\"", "\"confirmed\"");
  const std::array files{text::NamedText{"toy-doubles.toml", mine}};
  const auto over = base->overlaid_with(files);
  ASSERT_TRUE(over) << over.error().message;
  ASSERT_THAT(over->all(), SizeIs(1));
  EXPECT_EQ(over->all()[0].verdict, Verdict::confirmed);
  const std::array twice{text::NamedText{"a/toy-doubles.toml", kTestClaim},
                         text::NamedText{"b/toy-doubles.toml", kTestClaim}};
  EXPECT_THAT(Claims::parse(twice).error().message, HasSubstr("is also in a/toy-doubles.toml"));
}

TEST(Measure, UnknownOfAChipIsNothing) {
  const Catalog catalog = toys();
  const Chip& toy = *catalog.find("toy");
  EXPECT_EQ(measured(toy, Measure::peak, Dtype::bf16), 40.96);
  EXPECT_EQ(measured(toy, Measure::bandwidth, Dtype::bf16), 3350);
  EXPECT_EQ(measured(toy, Measure::usable, Dtype::bf16), 81000);
  EXPECT_EQ(measured(toy, Measure::units, Dtype::bf16), 10);
  EXPECT_EQ(measured(toy, Measure::peak, Dtype::fp4), std::nullopt);
  EXPECT_EQ(measured(toy, Measure::scale_out, Dtype::bf16), std::nullopt);
  EXPECT_EQ(measured(Chip{}, Measure::bandwidth, Dtype::bf16), std::nullopt);
}

}  // namespace
}  // namespace assay::catalog
