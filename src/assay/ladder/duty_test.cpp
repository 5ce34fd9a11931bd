// SPDX-License-Identifier: Apache-2.0
#include "assay/ladder/duty.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

namespace assay::ladder {
namespace {

using sample::Channel;
using sample::TickSums;

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

void add(TickSums& sums, float sm_active, std::int64_t length) {
  sample::Tick tick;
  tick.share.fill(kNothing);
  tick.end_ns = length;
  tick.share[static_cast<std::size_t>(Channel::sm_active)] = sm_active;
  sums.add(tick);
}

TickSums ticks(const std::vector<float>& sm_active) {
  TickSums sums;
  for (const float share : sm_active) add(sums, share, 100);
  return sums;
}

TEST(Duty, HalfTheSmsAllTheTime) {
  const Duty duty = *duty_of(ticks({0.5F, 0.5F, 0.5F, 0.5F}));
  EXPECT_DOUBLE_EQ(duty.on.value(), 1);
  EXPECT_DOUBLE_EQ(duty.fill.value(), 0.5);
  EXPECT_EQ(duty.shape, Duty::Shape::half_the_sms);
}

TEST(Duty, AllSmsHalfTheTime) {
  const Duty duty = *duty_of(ticks({1, 0, 1, 0}));
  EXPECT_DOUBLE_EQ(duty.on.value(), 0.5);
  EXPECT_DOUBLE_EQ(duty.fill.value(), 1);
  EXPECT_EQ(duty.shape, Duty::Shape::half_the_time);
}

TEST(Duty, BothAndNeither) {
  EXPECT_EQ(duty_of(ticks({0.5F, 0}))->shape, Duty::Shape::both);
  EXPECT_EQ(duty_of(ticks({1, 1}))->shape, Duty::Shape::full);
  EXPECT_EQ(duty_of(ticks({0, 0}))->fill.value(), 0);
}

TEST(Duty, AnEdgeCountsForItsPart) {
  const Duty duty = *duty_of(ticks({0, 0.25F, 1, 1, 1, 0.75F, 0, 0}));
  EXPECT_DOUBLE_EQ(duty.on.value(), 0.5);
  EXPECT_DOUBLE_EQ(duty.fill.value(), 1);
  EXPECT_EQ(duty.shape, Duty::Shape::half_the_time);
}

TEST(Duty, NeitherIsOverOne) {
  const Duty duty = *duty_of(ticks({1, 0.5F, 1}));
  EXPECT_DOUBLE_EQ(duty.on.value(), 1);
  EXPECT_DOUBLE_EQ(duty.fill.value(), 2.5 / 3);
}

TEST(Duty, UnknownWithoutTheChannel) {
  EXPECT_FALSE(duty_of(ticks({})));
  EXPECT_FALSE(duty_of(ticks({kNothing})));
  EXPECT_EQ(mean_of(ticks({1}), Channel::dram), std::nullopt);
}

TEST(Duty, LongTicksCountForMore) {
  TickSums sums = ticks({1});
  add(sums, 0, 300);
  EXPECT_DOUBLE_EQ(duty_of(sums)->on.value(), 0.25);
}

TEST(Duty, TheProductIsTheMean) {
  EXPECT_TRUE(rc::check("on x fill = mean of SM active, but for what is under the threshold", [] {
    std::vector<float> shares;
    for (const int i :
         *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1001))))
      shares.push_back(static_cast<float>(i) / 1000.0F);
    const TickSums sums = ticks(shares);
    const Duty duty = *duty_of(sums);
    RC_ASSERT(std::abs(duty.on.value() * duty.fill.value() -
                       mean_of(sums, Channel::sm_active)->value()) < 0.001 + 1e-9);
  }));
}

}  // namespace
}  // namespace assay::ladder
