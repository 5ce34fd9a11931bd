// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/least_squares.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace assay::calibrate {
namespace {

// log(a + b t) at t = 1..20, of a = 3, b = 0.5; one value is far off.
std::vector<double> line(const std::vector<double>& x) {
  std::vector<double> off;
  for (int t = 1; t <= 20; ++t) {
    const double measured = (3 + 0.5 * t) * (t == 7 ? 10 : 1);
    off.push_back(std::log((x[0] + x[1] * t) / measured));
  }
  return off;
}

TEST(LeastSquares, FindsBothNumbersDespiteAnOutlier) {
  const std::vector<Unknown> unknowns = {{1, 1e-3, 100, 0, 10}, {1, 1e-3, 100, 0, 10}};
  const auto found = least_squares(unknowns, line, 0.05);
  EXPECT_NEAR(found[0], 3, 0.05);
  EXPECT_NEAR(found[1], 0.5, 0.02);
  EXPECT_EQ(found, least_squares(unknowns, line, 0.05));
}

TEST(LeastSquares, StaysWithinBoundsAndNearBeliefs) {
  const auto bound = least_squares({{1, 0.5, 2, 0, 10}, {1, 1e-3, 100, 0, 10}}, line, 0.05);
  EXPECT_LE(bound[0], 2);
  const auto firm = least_squares({{1, 1e-3, 100, 0, 1e-4}, {1, 1e-3, 100, 0, 10}}, line, 0.05);
  EXPECT_NEAR(firm[0], 1, 0.01);
}

}  // namespace
}  // namespace assay::calibrate
