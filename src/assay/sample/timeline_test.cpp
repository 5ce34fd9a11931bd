// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/timeline.hpp"

#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

namespace assay::sample {
namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t kLength = 100;

Tick tick_of(std::int64_t place, float sm_active) {
  Tick tick{.begin_ns = place * kLength, .end_ns = (place + 1) * kLength};
  tick.share.fill(kNothing);
  tick.share[static_cast<std::size_t>(Channel::sm_active)] = sm_active;
  return tick;
}

double mean_of(std::span<const Tick> ticks) {
  TickSums sums;
  for (const Tick& tick : ticks) sums.add(tick);
  return sums.channel(Channel::sm_active).mean();
}

TEST(Timeline, KeepsEachTickOfAShortLook) {
  Timeline timeline(8);
  for (int i = 0; i < 8; ++i) timeline.add(tick_of(i, 0.5F));
  EXPECT_EQ(timeline.ticks().size(), 8U);
  EXPECT_EQ(timeline.merged(), 1);
}

TEST(Timeline, MergesNeighboursOfALongOne) {
  Timeline timeline(8);
  for (int i = 0; i < 9; ++i) timeline.add(tick_of(i, i % 2 == 0 ? 1.0F : 0.0F));
  EXPECT_EQ(timeline.merged(), 2);
  ASSERT_EQ(timeline.ticks().size(), 5U);
  EXPECT_FLOAT_EQ(timeline.ticks()[3].at(Channel::sm_active), 0.5F);
  EXPECT_EQ(timeline.ticks()[3].begin_ns, 6 * kLength);
  EXPECT_EQ(timeline.ticks()[3].end_ns, 8 * kLength);
  EXPECT_TRUE(std::isnan(timeline.ticks()[3].at(Channel::dram)));
  EXPECT_EQ(timeline.sums().count(), 9);
}

TEST(Timeline, AGapStaysOpen) {
  Timeline timeline(8);
  for (int i = 0; i < 5; ++i) timeline.add(tick_of(i, 1));
  for (int i = 1000; i < 1020; ++i) timeline.add(tick_of(i, 1));
  for (const Tick& tick : timeline.ticks()) EXPECT_LE(tick.end_ns - tick.begin_ns, 8 * kLength);
}

TEST(Timeline, IsBoundedWhateverComes) {
  EXPECT_TRUE(rc::check("bounded, in order, its mean that of all ticks", [] {
    Timeline timeline(16);
    TickSums all;
    std::int64_t place = 0;
    const int count = *rc::gen::inRange(1, 2000);
    const int gaps = *rc::gen::inRange(0, 3);
    for (int i = 0; i < count; ++i) {
      place += gaps == 0 ? 1 : *rc::gen::inRange(1, gaps + 1);
      const Tick tick = tick_of(place, static_cast<float>(i % 7) / 7.0F);
      timeline.add(tick);
      all.add(tick);
    }
    RC_ASSERT(timeline.ticks().size() <= 16U);
    for (std::size_t i = 1; i < timeline.ticks().size(); ++i)
      RC_ASSERT(timeline.ticks()[i].begin_ns >= timeline.ticks()[i - 1].end_ns);
    RC_ASSERT(timeline.ticks().back().end_ns == (place + 1) * kLength);
    RC_ASSERT(timeline.sums().channel(Channel::sm_active).mean() ==
              all.channel(Channel::sm_active).mean());
    if (gaps == 0)
      RC_ASSERT(std::abs(mean_of(timeline.ticks()) - all.channel(Channel::sm_active).mean()) <
                1e-5);
  }));
}

TEST(TickSums, AnEdgeIsNotInner) {
  TickSums sums;
  for (const float active : {0.0F, 0.25F, 1.0F, 1.0F, 0.75F, 0.0F}) sums.add(tick_of(0, active));
  EXPECT_DOUBLE_EQ(sums.on().weight, 4 * kLength);
  EXPECT_DOUBLE_EQ(sums.inner().weight, 2 * kLength);
  EXPECT_DOUBLE_EQ(sums.inner().mean(), 1);
  sums.add(tick_of(0, kNothing));
  EXPECT_DOUBLE_EQ(sums.on().weight, 4 * kLength);
  EXPECT_EQ(sums.count(), 7);
}

}  // namespace
}  // namespace assay::sample
