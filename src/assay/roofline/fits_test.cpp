// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/fits.hpp"

#include <gtest/gtest.h>

#include "assay/roofline/fits_text.hpp"

namespace assay::roofline {
namespace {

Result<Fits> parse(std::string_view text) {
  const text::NamedText file{"fits/x.toml", text};
  return Fits::parse({&file, 1});
}

TEST(Fits, LaterFilesLieOverEarlierOnes) {
  const auto fits = parse(
      "[[class]]\nname = \"a\"\ntile_rows = 3\n[[class]]\nname = \"b\"\nlike = \"a\"\n"
      "[[class]]\nname = \"a\"\ntile_rows = 4\n");
  ASSERT_TRUE(fits) << fits.error().message;
  ASSERT_EQ(fits->classes().size(), 2U);
  EXPECT_EQ(fits->classes()[0].curves.tile_rows, 4);
  EXPECT_EQ(fits->classes()[1].curves.tile_rows, 3);
}

TEST(Fits, RefusesAConstantOutOfRangeAndAnUnknownKey) {
  EXPECT_FALSE(parse("[[class]]\nname = \"a\"\nbandwidth_fraction = 1.5\n"));
  EXPECT_FALSE(parse("[[class]]\nname = \"a\"\nbandwith = 0.5\n"));
  EXPECT_FALSE(parse("[[engine]]\nname = \"e\"\nlike = \"none\"\n"));
}

TEST(Fits, WrittenTextReadsBackTheSame) {
  const auto fits = Fits::builtin();
  ASSERT_TRUE(fits) << fits.error().message;
  const auto prior = Fits::prior();
  ASSERT_TRUE(prior) << prior.error().message;
  const std::string text = curves_text(*fits, "test") + engines_text(*fits, *prior, "test") +
                           spreads_text(*fits, "test");
  const auto again = parse(text);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(curves_text(*again, "test"), curves_text(*fits, "test"));
  EXPECT_EQ(spreads_text(*again, "test"), spreads_text(*fits, "test"));
}

TEST(Fits, OnlyFittedEnginesAreWritten) {
  const auto prior = Fits::prior();
  ASSERT_TRUE(prior) << prior.error().message;
  Fits fits = *prior;
  EXPECT_EQ(engines_text(fits, *prior, "test").find("[[engine]]"), std::string::npos);
  fits.mutable_engines().front().overheads.step_us *= 2;
  EXPECT_NE(engines_text(fits, *prior, "test").find(fits.engines().front().name),
            std::string::npos);
}

TEST(Fits, UnknownEngineNamesTheOthers) {
  const auto fits = Fits::builtin();
  ASSERT_TRUE(fits);
  ASSERT_TRUE(fits->engine("vllm"));
  const auto none = fits->engine("vlm");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("vllm"), std::string::npos);
}

TEST(Fits, AVersionOfItsOwnProfileStandsOverTheEngines) {
  const auto fits = Fits::builtin();
  ASSERT_TRUE(fits);
  EXPECT_EQ(fits->engine("trtllm", "1.0.0rc3")->name, "trtllm-1.0");
  EXPECT_EQ(fits->engine("trtllm", "1.2.0rc6")->name, "trtllm");
  EXPECT_EQ(fits->engine("trtllm", "")->name, "trtllm");
  EXPECT_EQ(fits->engine("vllm", "1.0.0")->name, "vllm");
  EXPECT_FALSE(fits->engine("vlm", "1.0"));
}

TEST(Fits, IntervalsWidenWithIgnorance) {
  const auto fits = Fits::builtin();
  ASSERT_TRUE(fits);
  const Spreads& sure = fits->spreads(Provenance::calibrated);
  const Spreads& guess = fits->spreads(Provenance::datasheet);
  EXPECT_LT(sure.tpot.lo, 1);
  EXPECT_GT(sure.tpot.hi, 1);
  EXPECT_LT(guess.tpot.lo, sure.tpot.lo);
  EXPECT_GT(guess.ttft.hi, sure.ttft.hi);
}

}  // namespace
}  // namespace assay::roofline
