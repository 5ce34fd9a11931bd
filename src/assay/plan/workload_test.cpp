// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/workload.hpp"

#include <gtest/gtest.h>

namespace assay::plan {
namespace {

Workload workload() { return {*Lengths::uniform(1000, 0.5), *Lengths::fixed(100)}; }

TEST(Workload, ASeedGivesTheSameRequests) {
  const auto one = draw(workload(), 50, 3.0, 42);
  const auto two = draw(workload(), 50, 3.0, 42);
  const auto other = draw(workload(), 50, 3.0, 43);
  bool differs = false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].arrival, two[i].arrival);
    EXPECT_EQ(one[i].prompt, two[i].prompt);
    differs = differs || one[i].prompt != other[i].prompt;
  }
  EXPECT_TRUE(differs);
}

TEST(Workload, ArrivalsComeAtTheRate) {
  const auto requests = draw(workload(), 20'000, 4.0, 1);
  EXPECT_NEAR(requests.back().arrival.value(), 5000, 100);
  EXPECT_EQ(draw(workload(), 5, {}, 1).back().arrival, Seconds(0));
}

}  // namespace
}  // namespace assay::plan
