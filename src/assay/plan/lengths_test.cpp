// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/lengths.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace assay::plan {
namespace {

struct Moments {
  double mean = 0;
  double spread = 0;
};
Moments sampled(const Lengths& lengths) {
  Random random(11);
  double sum = 0;
  double squares = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    const double tokens = lengths.draw(random);
    sum += tokens;
    squares += tokens * tokens;
  }
  const double mean = sum / kDraws;
  return {mean, std::sqrt(squares / kDraws - mean * mean) / mean};
}

TEST(Lengths, DrawsHaveTheStatedMeanAndSpread) {
  for (const auto& made : {Lengths::fixed(900), Lengths::uniform(1024, 0.8),
                           Lengths::uniform(1024, 0.1), Lengths::lognormal(700, 0.6)}) {
    ASSERT_TRUE(made.ok());
    const Moments found = sampled(*made);
    EXPECT_NEAR(found.mean, made->mean(), 0.01 * made->mean());
    EXPECT_NEAR(found.spread, made->spread(), 0.02);
  }
}

TEST(Lengths, QuantilesSplitTheDraws) {
  const auto made = Lengths::lognormal(500, 1.0);
  ASSERT_TRUE(made.ok());
  Random random(5);
  int below = 0;
  for (int i = 0; i < 20'000; ++i) below += made->draw(random) <= made->quantile(0.95) ? 1 : 0;
  EXPECT_NEAR(below / 20'000.0, 0.95, 0.01);
  EXPECT_NEAR(normal_quantile(0.975), 1.95996, 5e-4);
  EXPECT_NEAR(normal_quantile(0.5), 0, 5e-4);
}

TEST(Lengths, NonsenseIsRefused) {
  EXPECT_FALSE(Lengths::fixed(0).ok());
  EXPECT_FALSE(Lengths::fixed(-5).ok());
  EXPECT_FALSE(Lengths::fixed(std::nan("")).ok());
  EXPECT_FALSE(Lengths::fixed(1e8).ok());
  EXPECT_FALSE(Lengths::uniform(100, 0).ok());
  EXPECT_FALSE(Lengths::uniform(100, 1.1).ok());
  EXPECT_FALSE(Lengths::lognormal(100, -1).ok());
  const auto zero = Lengths::fixed(0);
  EXPECT_NE(zero.error().message.find("0 tokens"), std::string::npos);
}

}  // namespace
}  // namespace assay::plan
