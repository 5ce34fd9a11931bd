// SPDX-License-Identifier: Apache-2.0
#include "assay/fleet/coverage.hpp"

#include <gtest/gtest.h>

namespace assay::fleet {
namespace {

Row row(const char* instance, double value, const char* uuid = "") {
  return {{{"job", "assay"}, {"instance", instance}, {"uuid", uuid}}, value};
}

TEST(Coverage, OfAServerYoungerThanTheWindowIsWhatItSaw) {
  const Coverage seen({{row("a", 5)}, {}, false}, {{row("a", 10)}, {}, false}, Seconds(30 * 86400));
  EXPECT_DOUBLE_EQ(seen.longest().value(), 50);
  EXPECT_DOUBLE_EQ(seen.hours({{row("a", 80)}, {}, false}).rows[0].value, 400 / 3600.0);
}

TEST(Coverage, WeighsEachTargetByItsOwnInterval) {
  const Coverage seen({{row("a", 15), row("b", 60), row("c", 60)}, {}, false},
                      {{row("a", 240), row("b", 60), row("c", 60)}, {}, false}, Seconds(3600));
  EXPECT_FALSE(seen.uniform());
  const Answer hours =
      seen.hours({{row("a", 240, "x"), row("b", 60, "y"), row("gone", 10, "z")}, {}, false});
  ASSERT_EQ(hours.rows.size(), 3U);
  EXPECT_DOUBLE_EQ(hours.rows[0].value, 1);
  EXPECT_DOUBLE_EQ(hours.rows[1].value, 1);
  EXPECT_DOUBLE_EQ(hours.rows[2].value, 150 / 3600.0);  // by the least
}

TEST(Coverage, OfADeviceThatIsScrapedAndPushedCountsOnce) {
  const Coverage seen({{row("a", 15), row("pushed", 30)}, {}, false}, {}, Seconds(3600));
  const Answer hours = seen.hours({{row("a", 240, "x"), row("pushed", 100, "x")}, {}, false});
  ASSERT_EQ(hours.rows.size(), 1U);
  EXPECT_DOUBLE_EQ(hours.rows[0].value, 1);
}

TEST(Coverage, NeverExceedsTheWindow) {
  const Coverage seen({{row("a", 15.1)}, {}, false}, {{row("a", 241)}, {}, false}, Seconds(3600));
  EXPECT_TRUE(seen.uniform());
  EXPECT_DOUBLE_EQ(seen.hours({{{{}, 241}}, {}, false}).rows[0].value, 1);
  EXPECT_DOUBLE_EQ(seen.longest().value(), 3600);
}

TEST(Coverage, WithoutAnIntervalKnowsNothing) {
  EXPECT_EQ(Coverage({}, {{row("a", 1)}, {}, false}, Seconds(3600)).longest(), Seconds(0));
}

}  // namespace
}  // namespace assay::fleet
