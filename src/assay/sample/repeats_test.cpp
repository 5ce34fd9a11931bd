// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/repeats.hpp"

#include <gtest/gtest.h>

#include "assay/sample/merge.hpp"

namespace assay::sample {
namespace {

using metric::Id;

// A second of a meter of before: mean of the driver's buffer over 14 s, read once.
Snapshot second(double mean, double share, Seconds over) {
  Snapshot out;
  DeviceSample& device = out.devices.emplace_back();
  device.sample.window = Seconds(1);
  device.sample.set<Id::gpu_util_samples>(
      Reading<Ratio>::measured(Ratio::fraction(mean), Source::nvml, Seconds(14)));
  device.sample.set<Id::sm_active>(
      Reading<Ratio>::measured(Ratio::fraction(0.25), Source::gpm, Seconds(1)));
  Process process;
  process.pid = 7;
  process.time_share = Reading<Ratio>::measured(Ratio::fraction(share), Source::nvml, over);
  device.sample.processes.push_back(process);
  return out;
}

const Sample& only(const Snapshot& snapshot) { return snapshot.devices[0].sample; }

TEST(Repeats, WhatIsTheWindowBeforesWordForWordIsStale) {
  Repeats repeats;
  Snapshot first = second(0.3, 0.17, Seconds(0));
  Snapshot again = first;
  repeats.mark(first);
  repeats.mark(again);
  EXPECT_EQ(only(first).at_id(Id::gpu_util_samples).state(), State::measured);
  for (const State state : {only(again).at_id(Id::gpu_util_samples).state(),
                            only(again).processes[0].time_share.state()})
    EXPECT_EQ(state, State::stale);
  EXPECT_EQ(only(again).at_id(Id::gpu_util_samples).reason(), Reason::between_rounds);
  EXPECT_EQ(only(again).at_id(Id::gpu_util_samples).raw(), 0.3);
  // Of its own window, however alike.
  EXPECT_EQ(only(again).at_id(Id::sm_active).state(), State::measured);
}

TEST(Repeats, AThirdTimeIsARepeatToo) {
  Repeats repeats;
  for (int i = 0; i < 3; ++i) {
    Snapshot snapshot = second(0.3, 0.17, Seconds(14));
    repeats.mark(snapshot);
    EXPECT_EQ(only(snapshot).at_id(Id::gpu_util_samples).usable(), i == 0);
    EXPECT_EQ(only(snapshot).processes[0].time_share.usable(), i == 0);
  }
}

TEST(Repeats, AnotherValueOrAnotherProcessIsNone) {
  Repeats repeats;
  Snapshot first = second(0.3, 0.17, Seconds(14));
  repeats.mark(first);
  Snapshot other = second(0.4, 0.17, Seconds(14));
  other.devices[0].sample.processes[0].pid = 8;
  repeats.mark(other);
  EXPECT_TRUE(only(other).at_id(Id::gpu_util_samples).usable());
  EXPECT_TRUE(only(other).processes[0].time_share.usable());
}

TEST(Repeats, AWindowAsLongAsTheMeasurementIsMeasured) {
  Repeats repeats;
  for (int i = 0; i < 2; ++i) {
    Snapshot snapshot = second(0.3, 0.17, Seconds(14));
    snapshot.devices[0].sample.window = Seconds(14);
    repeats.mark(snapshot);
    EXPECT_TRUE(only(snapshot).at_id(Id::gpu_util_samples).usable());
    EXPECT_TRUE(only(snapshot).processes[0].time_share.usable());
  }
}

TEST(Repeats, RememberedIsAsGoodAsGiven) {
  Repeats repeats;
  repeats.remember(second(0.3, 0.17, Seconds(14)));
  Snapshot again = second(0.3, 0.17, Seconds(14));
  repeats.mark(again);
  EXPECT_FALSE(only(again).at_id(Id::gpu_util_samples).usable());
}

TEST(Repeats, MergedTheyAreOneReadingOfItsOwnTime) {
  Repeats repeats;
  Merger merger;
  for (int i = 0; i < 14; ++i) {
    Snapshot snapshot = second(0.3, 0.17, Seconds(14));
    repeats.mark(snapshot);
    merger.add(only(snapshot));
  }
  const auto mean = merger.result().at_id(Id::gpu_util_samples);
  EXPECT_EQ(mean.value(), 0.3);
  EXPECT_EQ(mean.window(), Seconds(14));
}

}  // namespace
}  // namespace assay::sample
