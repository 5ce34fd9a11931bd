// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assay/probe/nvml/sampler_rig.hpp"

namespace assay::probe::nvml {
namespace {

using metric::Id;
using sample::Presence;
using sample::Reason;
using sample::Snapshot;
using sample::State;
using testing::HasSubstr;

State share_state(const Snapshot& snapshot) {
  if (snapshot.devices.empty() || snapshot.devices[0].sample.processes.empty())
    return State::unknown;
  return snapshot.devices[0].sample.processes[0].time_share.state();
}

TEST(SlowLane, XidsBecomeAReadingAndAnEvent) {
  SamplerRig rig;
  rig.start();
  for (int i = 0; i < 5000 && !only(rig.window()).get<Id::power_limit>().usable(); ++i) {
  }
  rig.nvml->change(0, [](FakeDevice& d) { d.xids = {79}; });
  std::vector<sample::Event> events;
  for (int i = 0; i < 5000 && events.empty(); ++i) {
    rig.window();
    events = rig.sampler->take_events();
  }
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].kind, "xid");
  EXPECT_THAT(events[0].text, HasSubstr("79"));
}

TEST(SlowLane, AnXidIsSeenWithinSecondsAndBringsTheErrorCountsAlong) {
  SamplerRig rig;
  rig.start();
  for (int i = 0; i < 5000 && !only(rig.window()).get<Id::ecc_corrected>().usable(); ++i) {
  }
  rig.nvml->change(0, [](FakeDevice& d) { d.xids = {48}; });
  const int asked = rig.nvml->calls(Call::ecc_errors);
  for (int i = 0; i < 2; ++i) {  // each 15 s, not in a round of a minute
    const int looks = rig.nvml->calls(Call::event_wait);
    for (int second = 0; second < 15; ++second) rig.window();
    SamplerRig::until([&] { return rig.nvml->calls(Call::event_wait) > looks; });
  }
  std::vector<sample::Event> events;
  SamplerRig::until([&] {
    for (sample::Event& event : rig.sampler->take_events()) events.push_back(std::move(event));
    return !events.empty();
  });
  EXPECT_THAT(events[0].text, HasSubstr("Xid 48, at most "));
  SamplerRig::until([&] {
    rig.window();
    return rig.nvml->calls(Call::ecc_errors) > asked;
  });
}

TEST(SlowLane, CountsOfErrorsAreStaleBetweenTheRounds) {
  SamplerRig rig;
  rig.start();
  Snapshot snapshot = rig.window();
  const auto count = [&] { return only(snapshot).get<Id::ecc_corrected>(); };
  for (int i = 0; i < 5000 && !count().usable(); ++i) snapshot = rig.window();
  for (int i = 0; i < 5000 && count().usable(); ++i) snapshot = rig.window();
  EXPECT_EQ(count().state(), State::stale);
  EXPECT_EQ(count().reason(), Reason::between_rounds);
  EXPECT_EQ(count().raw(), Count(3));
}

// What took the device away is told by the events of its old handle.
TEST(SlowLane, TheXidOfALossIsReportedWhenTheDeviceIsBack) {
  SamplerRig rig;
  rig.start();
  for (int i = 0; i < 5000 && !only(rig.window()).get<Id::power_limit>().usable(); ++i) {
  }
  rig.nvml->lose(0);
  rig.nvml->change(0, [](FakeDevice& d) { d.xids = {79}; });
  rig.window();
  rig.nvml->recover(0);
  std::vector<std::string> kinds;
  for (int i = 0; i < 5000 && std::ranges::count(kinds, "xid") == 0; ++i) {
    rig.window();
    for (const sample::Event& event : rig.sampler->take_events()) kinds.push_back(event.kind);
  }
  EXPECT_EQ(std::ranges::count(kinds, "xid"), 1);
  EXPECT_EQ(std::ranges::count(kinds, "device-back"), 1);
}

// A round while the device is lost leaves "device-lost" on the shelf: that must not stay for a
// minute after the device is back.
TEST(SlowLane, ADeviceThatIsBackIsReadWithTheNextLookAndNothingOfItIsLost) {
  SamplerRig rig;
  rig.start();
  for (int i = 0; i < 5000 && !only(rig.window()).get<Id::power_limit>().usable(); ++i) {
  }
  rig.nvml->lose(0);
  const int before = rig.nvml->calls(Call::process_utilization);
  SamplerRig::until([&] {
    rig.window();
    return rig.nvml->calls(Call::process_utilization) > before;
  });
  rig.window();
  rig.nvml->recover(0);
  const int lost = rig.nvml->calls(Call::process_utilization);
  for (int window = 0; window < 7; ++window) {  // a look each five seconds
    const Snapshot snapshot = rig.window();
    ASSERT_EQ(only(snapshot).presence, Presence::ok);
    for (const auto& reading : only(snapshot).readings)
      EXPECT_NE(reading.reason(), Reason::device_lost);
    for (const sample::Process& process : only(snapshot).processes)
      EXPECT_NE(process.time_share.reason(), Reason::device_lost);
  }
  SamplerRig::until([&] { return rig.nvml->calls(Call::process_utilization) > lost; });
}

TEST(SlowLane, ASlowLaneThatHangsOnlyAgesItsOwnReadings) {
  SamplerRig rig;
  rig.start();
  for (int i = 0; i < 5000 && !only(rig.window()).get<Id::power_limit>().usable(); ++i) {
  }
  rig.nvml->hang(Call::utilization_samples);
  SamplerRig::until([&] {
    rig.window();
    return rig.nvml->hung() == 1;
  });
  Snapshot snapshot;
  for (int i = 0; i < 700; ++i) snapshot = rig.window();  // longer than any reading keeps good
  EXPECT_EQ(only(snapshot).presence, Presence::ok);
  EXPECT_TRUE(only(snapshot).get<Id::power>().usable());
  const auto limit = only(snapshot).get<Id::power_limit>();
  EXPECT_EQ(limit.state(), State::stale);
  EXPECT_EQ(limit.reason(), Reason::timeout);
  EXPECT_EQ(limit.raw(), Watts(700));
}

TEST(SlowLane, WhatWasReadBeforeThisWindowIsStale) {
  SamplerRig rig;
  rig.start();
  Snapshot snapshot;
  const auto share = [&] { return only(snapshot).processes.at(0).time_share; };
  for (int i = 0; i < 5000 && share_state(snapshot) != State::stale; ++i) snapshot = rig.window();
  EXPECT_EQ(share().state(), State::stale);
  EXPECT_EQ(share().reason(), Reason::between_rounds);
  EXPECT_TRUE(share().raw().has_value());
  EXPECT_EQ(only(snapshot).get<Id::gpu_util_samples>().value(), std::nullopt);
  EXPECT_TRUE(only(snapshot).get<Id::power_limit>().usable());  // this one lasts
}

}  // namespace
}  // namespace assay::probe::nvml
