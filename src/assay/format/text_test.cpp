// SPDX-License-Identifier: Apache-2.0
#include "assay/format/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

namespace assay::format {
namespace {

TEST(Sparkline, HasALevelForEachEighthAndTellsUnknownFromZero) {
  const std::vector<std::optional<double>> shares = {0, 0.125, 0.5, 0.999, 1, std::nullopt};
  EXPECT_EQ(sparkline(true, shares), "▁▂▅██?");
  EXPECT_EQ(sparkline(false, shares), "_.=##?");
}

TEST(Apportion, GivesTheLargestRemaindersTheCellsLeft) {
  const std::vector<double> parts = {0.5, 0.26, 0.24};
  EXPECT_EQ(apportion(parts, 10), (std::vector<int>{5, 3, 2}));
  EXPECT_EQ(apportion(std::vector<double>{0, 0}, 5), (std::vector<int>{0, 0}));
}

RC_GTEST_PROP(Apportion, SumsToTheCellsAndStaysWithinOne, ()) {
  const auto weights = *rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<unsigned short>>());
  const int cells = *rc::gen::inRange(0, 200);
  const std::vector<double> parts(weights.begin(), weights.end());
  const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
  RC_PRE(sum > 0);
  const std::vector<int> counts = apportion(parts, cells);
  RC_ASSERT(std::accumulate(counts.begin(), counts.end(), 0) == cells);
  for (std::size_t i = 0; i < parts.size(); ++i)
    RC_ASSERT(std::abs(counts[i] - parts[i] / sum * cells) <= 1.0 + 1e-9);
}

}  // namespace
}  // namespace assay::format
