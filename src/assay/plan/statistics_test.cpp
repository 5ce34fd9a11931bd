// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/statistics.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace assay::plan {
namespace {

TEST(Statistics, NearestRanksOfAHundred) {
  std::vector<double> values(100);
  std::iota(values.rbegin(), values.rend(), 1.0);
  const auto spread = spread_of(values);
  ASSERT_TRUE(spread);
  EXPECT_DOUBLE_EQ(spread->mean.value(), 50.5);
  EXPECT_DOUBLE_EQ(spread->p50.value(), 50);
  EXPECT_DOUBLE_EQ(spread->p95.value(), 95);
  EXPECT_DOUBLE_EQ(spread->p99.value(), 99);
}

TEST(Statistics, OneIsEveryPercentileAndNoneIsNothing) {
  EXPECT_EQ(spread_of({3.0})->p99, Seconds(3));
  EXPECT_FALSE(spread_of({}));
}

}  // namespace
}  // namespace assay::plan
