// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/burst_count.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace assay::probe::trace {
namespace {

// A burst that sees the launches with these numbers.
void burst(BurstCount& count, std::uint64_t start, std::uint64_t end, std::uint32_t from,
           std::uint32_t to, bool numbered = true) {
  count.open(start);
  for (std::uint32_t number = from; number != to; ++number) count.launch(number, numbered);
  count.close(start, end);
}

TEST(BurstCount, NoBurstsNoScale) {
  BurstCount count;
  count.launch(7, true);
  count.finish(100);
  EXPECT_EQ(count.scale(), 1);
}

TEST(BurstCount, NumbersTellWhatWasLaunchedBetween) {
  BurstCount count;
  // Nothing in the first burst, while the process started: by time that would make it 30 of 10.
  burst(count, 1000, 1100, 0, 0);
  burst(count, 2000, 2100, 101, 151);
  burst(count, 3000, 3100, 951, 1001);
  count.finish(3100);
  EXPECT_DOUBLE_EQ(count.scale(), 10);
  EXPECT_EQ(count.bursts(), 3);
  EXPECT_EQ(count.launches(), 100);
  EXPECT_EQ(count.squares(), 5000);
}

TEST(BurstCount, HalfAPauseIsAddedAfterTheLast) {
  BurstCount count;
  burst(count, 1000, 1100, 1, 101);
  burst(count, 2000, 2100, 1001, 1101);
  count.finish(2200);  // 100 more at 1,100 launches in 1,100
  EXPECT_DOUBLE_EQ(count.scale(), (1100 + 50) / 200.0);
  EXPECT_NEAR(count.scale_error(), 100 / std::sqrt(12.0) / 1150, 1e-12);
}

// Three standard errors and more too low is what a rate over the start as well made of it.
TEST(BurstCount, TheLastPauseGoesByTheLastRate) {
  BurstCount count;
  burst(count, 1000, 1100, 0, 0);  // the process starts
  burst(count, 11000, 11100, 1, 101);
  burst(count, 12000, 12100, 1001, 1101);
  count.finish(13000);  // 900 more at one a ns
  EXPECT_DOUBLE_EQ(count.scale(), (1100 + 450) / 200.0);
  EXPECT_NEAR(count.scale_error(), 900 / std::sqrt(12.0) / 1550, 1e-12);
}

TEST(BurstCount, ABurstThatSawNothingEndsTheLastPause) {
  BurstCount count;
  burst(count, 1000, 1100, 1, 101);
  burst(count, 2000, 2100, 1001, 1101);
  burst(count, 2300, 2400, 0, 0);
  burst(count, 2500, 2600, 0, 0);
  count.finish(9000);
  EXPECT_DOUBLE_EQ(count.scale(), (1100 + 100) / 200.0);
}

TEST(BurstCount, TheKernelsOfAGraphHaveNoNumbers) {
  BurstCount count;
  burst(count, 1000, 1100, 1, 51);
  burst(count, 1500, 1600, 90, 91, false);
  count.finish(2000);
  EXPECT_DOUBLE_EQ(count.scale(), 1000.0 / 200);
}

TEST(BurstCount, NumbersThatCountSomethingElseAreNotBelieved) {
  BurstCount count;
  count.open(1000);
  for (std::uint32_t i = 1; i < 50; ++i) count.launch(i * 3, true);
  count.close(1000, 1100);
  count.finish(2000);
  EXPECT_DOUBLE_EQ(count.scale(), 10);
}

TEST(BurstCount, NumbersRunOver) {
  BurstCount count;
  std::uint32_t number = 1;
  std::uint64_t launches = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {  // 6.2e9 launches
    burst(count, 1000 * i + 1, 1000 * i + 10, number, number + 1000);
    launches += 1000;
    number += 62'000'000;
  }
  count.finish(0);
  EXPECT_NEAR(count.scale(), 99 * 62e6 / static_cast<double>(launches), 1);
}

// However the bursts lie and in whatever order a burst's records come.
RC_GTEST_PROP(BurstCount, NeverLessThanWhatWasSeen, ()) {
  BurstCount count;
  std::uint64_t at = 1;
  std::uint32_t number = 0;
  for (int i = *rc::gen::inRange(1, 20); i > 0; --i) {
    count.open(at);
    const auto seen = *rc::gen::inRange<std::uint32_t>(0, 20);
    for (std::uint32_t k = 0; k < seen; ++k) count.launch(number + (k ^ 1U), true);
    count.close(at, at + 10);
    number += 32 + *rc::gen::inRange<std::uint32_t>(0, 1000);
    at += 10 + *rc::gen::inRange<std::uint64_t>(0, 100);
  }
  count.finish(at);
  RC_ASSERT(count.scale() >= 1.0);
}

}  // namespace
}  // namespace assay::probe::trace
