// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assay/probe/nvml/facts.hpp"
#include "assay/probe/nvml/fake_clock.hpp"
#include "assay/probe/nvml/fake_nvml.hpp"

namespace assay::probe::nvml {
namespace {

using metric::Id;
using sample::Reason;
using sample::State;

class WatchTest : public testing::Test {
 protected:
  WatchTest() { EXPECT_EQ(open_device(line_, 0, ""), Return::success); }
  sample::Reading<Ratio> utilization() {
    Entries entries;
    buffers_.utilization(line_, entries);
    sample::Sample sample;
    entries.write_to(sample);
    clock_.advance(Seconds(1));
    return sample.get<Id::gpu_util_samples>();
  }
  sample::Reading<Count> xid() {
    Entries entries;
    seen_ = xids_.read(line_, entries);
    sample::Sample sample;
    entries.write_to(sample);
    return sample.get<Id::last_xid>();
  }

  FakeNvml nvml_;
  FakeClock clock_;
  InFlight in_flight_;
  Line line_{nvml_, clock_, in_flight_};
  BufferReader buffers_;
  XidWatch xids_;
  std::vector<std::uint64_t> seen_;
};

TEST_F(WatchTest, MeanOfWhatIsNewSinceTheLastLook) {
  nvml_.change(0, [](FakeDevice& d) {
    d.sample_step_us = 900'000;
    d.utilization_samples = {
        {300'000, {.as_u64 = 100}}, {600'000, {.as_u64 = 50}}, {900'000, {.as_u64 = 0}}};
  });
  EXPECT_EQ(utilization().reason(), Reason::first_sample);
  const auto mean = utilization();
  EXPECT_DOUBLE_EQ(mean.value()->value(), 0.5);
  EXPECT_DOUBLE_EQ(mean.window().value(), 0.9) << "three samples of 0.3 s";
  EXPECT_EQ(mean.state(), State::measured);
}

// A minute later the driver's buffer holds its last part only.
TEST_F(WatchTest, AMeanOfLessThanWasAskedForIsAnEstimateOverItsOwnSpan) {
  nvml_.change(0, [](FakeDevice& d) {
    d.sample_step_us = 60'000'000;
    d.utilization_samples.clear();
    for (std::uint64_t i = 1; i <= 120; ++i)
      d.utilization_samples.push_back({36'000'000 + i * 200'000, {.as_u64 = 9}});
  });
  utilization();
  buffers_.process_shares(line_);
  clock_.advance(Seconds(59));
  const auto mean = utilization();
  EXPECT_DOUBLE_EQ(mean.window().value(), 24);
  EXPECT_EQ(mean.state(), State::estimated);
  EXPECT_EQ(mean.reason(), Reason::sampled);
  EXPECT_DOUBLE_EQ(mean.value()->value(), 0.09);
  nvml_.change(0, [](FakeDevice& d) {
    for (auto& entry : d.process_utilization) entry.timestamp_us += 60'000'000;
  });
  const auto share = buffers_.process_shares(line_).by_pid.at(4242);
  EXPECT_EQ(share.state(), State::estimated) << "no longer than the buffer beside it";
  EXPECT_DOUBLE_EQ(share.window().value(), 24);
}

TEST_F(WatchTest, AfterABufferThatWasEmptyAllIsNew) {
  nvml_.change(0, [](FakeDevice& d) { d.utilization_samples.clear(); });
  EXPECT_EQ(utilization().reason(), Reason::no_new_data);
  nvml_.change(0, [](FakeDevice& d) {
    d.utilization_samples = {{300'000, {.as_u64 = 100}}, {600'000, {.as_u64 = 50}}};
  });
  EXPECT_DOUBLE_EQ(utilization().value()->value(), 0.75);
}

TEST_F(WatchTest, NothingNewIsNotZero) {
  utilization();
  utilization();
  nvml_.change(0, [](FakeDevice& d) { d.sample_step_us = 0; });
  const auto none = utilization();
  EXPECT_EQ(none.reason(), Reason::no_new_data);
  EXPECT_FALSE(none.raw().has_value());
}

TEST_F(WatchTest, AHostClockSetBackCostsAFewRoundsOnly) {
  utilization();
  utilization();
  nvml_.change(0, [](FakeDevice& d) { d.utilization_samples[0].timestamp_us = 5; });
  nvml_.change(0, [](FakeDevice& d) { d.sample_step_us = 10; });
  EXPECT_FALSE(utilization().usable());
  EXPECT_FALSE(utilization().usable());
  EXPECT_EQ(utilization().reason(), Reason::first_sample);
  EXPECT_TRUE(utilization().usable());
}

TEST_F(WatchTest, GrowsWithTheDriversBuffer) {
  nvml_.change(0,
               [](FakeDevice& d) { d.utilization_samples.assign(1000, {1000, {.as_u64 = 25}}); });
  utilization();
  EXPECT_DOUBLE_EQ(utilization().value()->value(), 0.25);
}

TEST_F(WatchTest, AnImpossibleSampleMakesTheMeanInvalid) {
  nvml_.change(0, [](FakeDevice& d) { d.utilization_samples[0].value.as_u64 = 250; });
  utilization();
  EXPECT_EQ(utilization().state(), State::invalid);
}

TEST_F(WatchTest, TheSamplingPeriodIsTheUsualGapBetweenSamples) {
  EXPECT_EQ(buffers_.sampling_period(), Seconds(0));
  nvml_.change(0, [](FakeDevice& d) {
    d.utilization_samples = {{200'000, {}}, {400'000, {}}, {5'000'000, {}}, {5'200'000, {}}};
  });
  utilization();
  EXPECT_DOUBLE_EQ(buffers_.sampling_period().value(), 0.2);
}

TEST_F(WatchTest, TheFirstShareOfTimeIsOverAnUnknownSpan) {
  const auto first = buffers_.process_shares(line_).by_pid.at(4242);
  EXPECT_EQ(first.state(), State::estimated);
  EXPECT_EQ(first.reason(), Reason::sampled);
}

TEST_F(WatchTest, SharesOfTimeByProcess) {
  const auto shares = buffers_.process_shares(line_);
  EXPECT_EQ(shares.reason, Reason::none);
  EXPECT_DOUBLE_EQ(shares.by_pid.at(4242).value()->value(), 0.81);
}

TEST_F(WatchTest, GarbageEntriesDoNotCount) {
  nvml_.change(
      0, [](FakeDevice& d) { d.process_utilization.push_back({9, 1000, 3000000000U, 0, 0, 0}); });
  const auto shares = buffers_.process_shares(line_);
  EXPECT_TRUE(shares.by_pid.contains(4242));
  EXPECT_FALSE(shares.by_pid.contains(9));
}

TEST_F(WatchTest, NoEntryAtAllIsNoNewData) {
  nvml_.change(0, [](FakeDevice& d) { d.process_utilization.clear(); });
  EXPECT_EQ(buffers_.process_shares(line_).reason, Reason::no_new_data);
  nvml_.inject(Call::process_utilization, Return::no_permission);
  EXPECT_EQ(buffers_.process_shares(line_).reason, Reason::no_permission);
}

TEST_F(WatchTest, NoXidIsNotXidZero) {
  EXPECT_EQ(xid().reason(), Reason::no_new_data);
  EXPECT_FALSE(xid().raw().has_value());
  xids_.release(line_);
}

TEST_F(WatchTest, TheLastXidStays) {
  xid();
  nvml_.change(0, [](FakeDevice& d) { d.xids = {31, 79}; });
  EXPECT_EQ(xid().value(), Count(79));
  EXPECT_THAT(seen_, testing::ElementsAre(31, 79));
  EXPECT_EQ(xid().value(), Count(79));
  EXPECT_TRUE(seen_.empty());
  xids_.release(line_);
  EXPECT_EQ(nvml_.live_handles(), 0);
}

TEST_F(WatchTest, ADriverWithoutEventsIsAskedOnce) {
  nvml_.inject(Call::event_register, Return::not_supported);
  EXPECT_EQ(xid().reason(), Reason::not_supported);
  EXPECT_EQ(xid().reason(), Reason::not_supported);
  EXPECT_EQ(nvml_.calls(Call::event_register), 1);
  EXPECT_EQ(nvml_.live_handles(), 0);
}

}  // namespace
}  // namespace assay::probe::nvml
