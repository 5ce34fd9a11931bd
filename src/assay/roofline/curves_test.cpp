// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/curves.hpp"

#include <gtest/gtest.h>

namespace assay::roofline {
namespace {

TEST(AllReduce, OneRankIsFreeAndLongMessagesReachTheLink) {
  const ChipCurves curves;
  EXPECT_EQ(all_reduce_seconds(curves, 450e9, 1, 1e9), 0);
  const double bytes = 4e9;
  const double expected = 2 * 7.0 / 8 * bytes / (450e9 * curves.link_fraction);
  EXPECT_NEAR(all_reduce_seconds(curves, 450e9, 8, bytes), expected, 0.01 * expected);
  EXPECT_GE(all_reduce_seconds(curves, 450e9, 2, 1), curves.link_floor_us * 1e-6);
}

TEST(CurveConstants, StartWithinTheirRange) {
  for (const CurveConstant& c : curve_constants()) {
    EXPECT_GE(ChipCurves{}.*c.member, c.least) << c.name;
    EXPECT_LE(ChipCurves{}.*c.member, c.most) << c.name;
  }
}

}  // namespace
}  // namespace assay::roofline
