// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/counter_data.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace assay::probe::pm {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kHead = 5;
constexpr std::size_t kTick = 3;
constexpr std::uint32_t kCapacity = 10;

// A head of 9s, and ranges of 1, 2, 3.
RawBytes prepared() {
  RawBytes bytes(kHead, 9);
  for (std::uint32_t i = 0; i < kCapacity; ++i) bytes.insert(bytes.end(), {1, 2, 3});
  return bytes;
}
std::shared_ptr<const BlankData> blank() {
  return std::make_shared<const BlankData>(prepared(), kCapacity, kTick);
}
// As decoding does: some count in the head, and ticks from the front.
void fill(CounterData& data, std::size_t ticks) {
  data.bytes()[0] = static_cast<std::uint8_t>(ticks);
  std::ranges::fill(data.bytes().subspan(kHead, ticks * kTick), std::uint8_t{7});
}
RawBytes bytes_of(const CounterData& data) { return {data.bytes().begin(), data.bytes().end()}; }

TEST(CounterData, KnowsWhereATicksRangeIs) {
  EXPECT_EQ(blank()->range(0), kHead);
  EXPECT_EQ(blank()->range(4), kHead + 4 * kTick);
  EXPECT_EQ(blank()->range(kCapacity), prepared().size());
  EXPECT_EQ(blank()->range(kCapacity + 1), prepared().size());
}

TEST(CounterData, IsAsNewAfterAnyUse) {
  for (std::size_t ticks = 0; ticks <= kCapacity; ++ticks) {
    CounterData data(blank());
    for (int round = 0; round < 6; ++round) {
      fill(data, ticks);
      data.reset(ticks);
      ASSERT_EQ(bytes_of(data), prepared()) << ticks << " ticks, round " << round;
    }
  }
}

TEST(CounterData, IsAsNewWhereTicksDoNotFillItFromTheFront) {
  CounterData data(blank());
  for (int round = 0; round < 6; ++round) {
    data.bytes().back() = 7;
    data.reset(1);
    ASSERT_EQ(bytes_of(data), prepared());
  }
}

TEST(CounterData, ABegunTickGoesOnInAnother) {
  CounterData one(blank());
  fill(one, 4);
  one.bytes()[kHead + 3 * kTick] = 42;
  const RawBytes begun = one.begun(3, 4);
  EXPECT_THAT(begun, ElementsAre(42, 7, 7));
  CounterData other(blank());
  other.begin_with(begun);
  RawBytes expected = prepared();
  std::ranges::copy(begun, expected.begin() + kHead);
  EXPECT_EQ(bytes_of(other), expected) << "the first range alone, and not the head";
  EXPECT_THAT(one.begun(4, 4), IsEmpty());
  EXPECT_THAT(one.begun(0, 2), testing::SizeIs(2 * kTick));
}

TEST(CounterData, IsAsNewWhereNothingCameToABegunTick) {
  CounterData one(blank());
  fill(one, 4);
  CounterData other(blank());
  for (int round = 0; round < 6; ++round) {
    other.begin_with(one.begun(2, 4));
    other.reset(0);
    ASSERT_EQ(bytes_of(other), prepared());
  }
}

TEST(CounterData, NothingIsMovedWhereRangesDiffer) {
  RawBytes bytes = prepared();
  bytes[kHead + kTick + 1] = 8;
  const auto odd = std::make_shared<const BlankData>(bytes, kCapacity, kTick);
  EXPECT_TRUE(blank()->alike());
  EXPECT_FALSE(odd->alike());
  EXPECT_THAT(CounterData(odd).begun(3, 4), IsEmpty());
  EXPECT_FALSE(BlankData(prepared(), 1, kTick).alike()) << "one range is like any";
  EXPECT_FALSE(BlankData(RawBytes(4), kCapacity, kTick).alike()) << "smaller than its ranges";
  EXPECT_THAT(CounterData(prepared()).begun(3, 4), IsEmpty()) << "that is used once";
}

TEST(CounterData, ACopyDoesNotChangeWhatItIsMadeFrom) {
  const auto shared = blank();
  CounterData data(shared);
  fill(data, kCapacity);
  EXPECT_EQ(shared->bytes(), prepared());
  EXPECT_THAT(data.bytes().subspan(kHead), Each(7));
}

}  // namespace
}  // namespace assay::probe::pm
