// SPDX-License-Identifier: Apache-2.0
#include "assay/text/nearest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

namespace assay::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("H100", "h100"), 0U) << "case is ignored";
}

TEST(EditDistance, IsSymmetricAndBounded) {
  EXPECT_TRUE(rc::check([](const std::string& a, const std::string& b) {
    const std::size_t d = edit_distance(a, b);
    RC_ASSERT(d == edit_distance(b, a));
    RC_ASSERT(d <= std::max(a.size(), b.size()));
    RC_ASSERT(d >= std::max(a.size(), b.size()) - std::min(a.size(), b.size()));
    RC_ASSERT(edit_distance(a, a) == 0U);
  }));
}

TEST(Nearest, RanksAndLeavesOutWildGuesses) {
  const std::vector<std::string> ids{"a100-sxm4-80gb", "h100-pcie-80gb", "h100-sxm5-80gb", "t4"};
  EXPECT_THAT(nearest_of("h100-sxm4-80gb", ids, 2),
              ElementsAre("a100-sxm4-80gb", "h100-sxm5-80gb"));
  EXPECT_THAT(nearest_of("h100", ids, 3), ElementsAre("h100-pcie-80gb", "h100-sxm5-80gb"))
      << "a prefix is near";
  EXPECT_THAT(nearest_of("epyc", ids, 3), IsEmpty());
  EXPECT_THAT(nearest_of(std::string(5000, 'h'), ids, 3), IsEmpty());
}

}  // namespace
}  // namespace assay::text
