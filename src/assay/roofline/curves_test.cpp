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

TEST(AllReduce, BetweenHostsItHasTheNetworksFloorAndAllNicsOfAHost) {
  const ChipCurves curves;
  const Wire two{.ranks = 2, .hosts = 2, .network = 25e9};
  EXPECT_NEAR(all_reduce_seconds(curves, two, 8), 19.5e-6, 1e-8);
  Wire wire{.ranks = 16, .hosts = 2, .link = 450e9, .network = 50e9};
  EXPECT_GT(all_reduce_seconds(curves, wire, 8), 19.5e-6);
  // Each of 8 NICs carries an eighth; the links inside are the slower then.
  const double bytes = 4e9;
  const double inside = 2 * 7.0 / 8 * bytes / (450e9 * curves.link_fraction);
  EXPECT_NEAR(all_reduce_seconds(curves, wire, bytes), inside, 0.01 * inside);
  wire.network = 5e9;
  const double between = bytes / 8 / (5e9 * curves.network_fraction);
  EXPECT_NEAR(all_reduce_seconds(curves, wire, bytes), between, 0.01 * between);
  const Wire four{.ranks = 32, .hosts = 4, .link = 450e9, .network = 50e9};
  EXPECT_NEAR(all_reduce_seconds(curves, four, 0) - all_reduce_seconds(curves, wire, 0), 10e-6,
              1e-9);
  const Wire one{.ranks = 8, .hosts = 1, .link = 450e9, .network = 50e9};
  EXPECT_EQ(all_reduce_seconds(curves, one, bytes), all_reduce_seconds(curves, 450e9, 8, bytes));
  EXPECT_GT(send_seconds(curves, wire, 8), send_seconds(curves, one, 8));
}

TEST(CurveConstants, StartWithinTheirRange) {
  const auto within = [](const CurveConstant& c) {
    EXPECT_GE(ChipCurves{}.*c.member, c.least) << c.name;
    EXPECT_LE(ChipCurves{}.*c.member, c.most) << c.name;
  };
  for (const CurveConstant& c : curve_constants()) within(c);
  for (const CurveConstant& c : given_constants()) within(c);
}

}  // namespace
}  // namespace assay::roofline
