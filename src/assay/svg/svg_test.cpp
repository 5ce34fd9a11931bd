// SPDX-License-Identifier: Apache-2.0
#include "assay/svg/svg.hpp"

#include <gmock/gmock.h>

#include <random>

namespace assay::svg {
namespace {

TEST(Escaped, LeavesNoMarkupNoControlsAndNoBrokenBytes) {
  EXPECT_EQ(escaped("<b a='1' c=\"2\">&\n\x7f"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;  ");
  EXPECT_EQ(escaped("µs — 漢"), "µs — 漢");
  EXPECT_EQ(escaped("\xff\xc0\xaf\xed\xa0\x80"), "??????");
  std::mt19937 random(1);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (auto i = random() % 12; i > 0; --i) text += static_cast<char>(random() % 256);
    const std::string out = escaped(text);
    EXPECT_EQ(out.find_first_of("<>\"'"), std::string::npos);
    EXPECT_EQ(escaped(out).size() >= out.size(), true);
  }
}

TEST(Elements, AreWhole) {
  EXPECT_EQ(rect(0, 1.25, 10, -0.04, "a"),
            "<rect x=\"0\" y=\"1.2\" width=\"10\" height=\"0\" class=\"a\"></rect>\n");
  const std::vector<Point> points = {{0, 0}, {1, 2}};
  EXPECT_EQ(path(points, "p", true), "<path class=\"p\" d=\"M0 0L1 2Z\"></path>\n");
  EXPECT_EQ(path(std::span(points).first(1), "p", true), "");
  EXPECT_THAT(text({1, 2}, "a<b", "t", "end"), testing::HasSubstr(">a&lt;b</text>"));
}

TEST(Ticks, AreRoundAndCoverTheAxis) {
  EXPECT_THAT(ticks(10, 5), testing::ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(ticks(57, 6), testing::ElementsAre(0, 10, 20, 30, 40, 50));
  EXPECT_TRUE(ticks(0, 5).empty());
}

}  // namespace
}  // namespace assay::svg
