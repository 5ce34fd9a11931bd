// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/sampler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "assay/probe/nvml/sampler_rig.hpp"

namespace assay::probe::nvml {
namespace {

using metric::Id;
using sample::Presence;
using sample::Reason;
using sample::Snapshot;
using sample::State;
using testing::HasSubstr;

TEST(Sampler, FirstWindowIsComplete) {
  SamplerRig rig;
  rig.start();
  EXPECT_EQ(rig.sampler->devices().size(), 1U);
  EXPECT_EQ(rig.sampler->devices()[0].sm_count.value(), Count(132));
  const Snapshot snapshot = rig.window();
  const auto& sample = only(snapshot);
  EXPECT_EQ(sample.presence, Presence::ok);
  EXPECT_EQ(sample.trouble, "");
  EXPECT_DOUBLE_EQ(sample.window.value(), 1.0);
  EXPECT_EQ(sample.get<Id::gpu_util>().value(), Ratio::fraction(1.0));
  EXPECT_DOUBLE_EQ(sample.get<Id::sm_active>().value()->value(), 1.0 / 132);
  EXPECT_DOUBLE_EQ(sample.get<Id::sm_active>().window().value(), 1.0);
  EXPECT_EQ(sample.processes.at(0).pid, 4242);
  EXPECT_EQ(sample.processes_reason, Reason::none);
  EXPECT_EQ(snapshot.origin.kind, sample::OriginKind::device);
  EXPECT_FALSE(snapshot.origin.name.empty());
  EXPECT_EQ(snapshot.self.samples, 1);
  EXPECT_EQ(snapshot.self.lost, 0);
  EXPECT_GT(snapshot.self.rss, Bytes(0));
}

TEST(Sampler, NothingIsLeftUnread) {
  SamplerRig rig;
  rig.start();
  std::string unread = "everything";
  for (int i = 0; i < 5000 && !unread.empty(); ++i) {  // the slow lane takes its (real) time
    const Snapshot snapshot = rig.window();
    unread.clear();
    for (const metric::Def& def : metric::all()) {
      if (def.source != metric::Source::gpm && def.source != metric::Source::nvml) continue;
      const auto& r = only(snapshot).at_id(def.id);
      if (r.state() == State::unknown && r.reason() == Reason::not_read)
        unread += std::string(def.name) + ' ';
    }
  }
  EXPECT_EQ(unread, "");
}

TEST(Sampler, RefusesWindowsUnderTheRefresh) {
  for (const double period : {0.0999, 0.0, -1.0, std::nan("")}) {
    SamplerRig rig(1, Seconds(period));
    const auto started = Sampler::start(rig.nvml, rig.options);
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(started.error().message, HasSubstr("100 ms"));
    EXPECT_EQ(rig.nvml->calls(Call::init), 0);
  }
  SamplerRig rig(1, Seconds(0.1));
  rig.start();
  EXPECT_TRUE(only(rig.window()).get<Id::sm_active>().usable());
}

TEST(Sampler, NoDeviceIsNothingToMeasure) {
  SamplerRig rig(0);
  const auto started = Sampler::start(rig.nvml, rig.options);
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, ErrorCode::nothing_to_measure);
}

TEST(Sampler, AnInitThatHangsIsATimeoutThatNamesIt) {
  SamplerRig rig;
  rig.nvml->hang(Call::init);
  auto start =
      std::async(std::launch::async, [&] { return Sampler::start(rig.nvml, rig.options); });
  SamplerRig::until([&] { return rig.nvml->hung() == 1; });
  rig.clock->advance(rig.options.init_deadline);
  const auto started = start.get();
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, ErrorCode::timeout);
  EXPECT_THAT(started.error().message, HasSubstr("nvmlInit_v2 has not returned for 60.0 s"));
}

TEST(Sampler, AHangingCallLeavesTheOthersOnTimeAndIsNamed) {
  SamplerRig rig(3);
  rig.start();
  rig.window();
  rig.nvml->hang(Call::gpm_sample_get, 1);
  const Snapshot snapshot = rig.window_with_hang({1});
  for (const std::size_t i : {0U, 2U}) {
    EXPECT_EQ(snapshot.devices[i].sample.presence, Presence::ok);
    EXPECT_DOUBLE_EQ(snapshot.devices[i].sample.window.value(), 1.0);
  }
  const auto& hung = snapshot.devices[1].sample;
  EXPECT_EQ(hung.presence, Presence::stale);
  EXPECT_THAT(hung.trouble, HasSubstr("nvmlGpmSampleGet has not returned for 2.0 s on device 1"));
  EXPECT_EQ(hung.get<Id::power>().state(), State::stale);
  EXPECT_EQ(hung.get<Id::power>().raw(), Watts(128));
  EXPECT_FALSE(hung.get<Id::sm_active>().usable());
  EXPECT_EQ(snapshot.self.lost, 1);
  EXPECT_EQ(rig.sampler->take_events().at(0).kind, "device-stale");
}

TEST(Sampler, AHangingDeviceIsNotWaitedForTwiceAndMayComeBack) {
  SamplerRig rig(2);
  rig.start();
  rig.window();
  rig.nvml->hang(Call::power, 0);
  rig.window_with_hang({0});
  // The deadline has moved time on by two windows: next() gives them without waiting for device 0.
  for (int i = 0; i < 2; ++i) {
    SamplerRig::until([&] { return rig.sampler->published(1) >= 3; });
    const Snapshot snapshot = rig.sampler->next();
    EXPECT_EQ(snapshot.devices[0].sample.presence, Presence::stale);
    EXPECT_THAT(snapshot.devices[0].sample.trouble, HasSubstr("nvmlDeviceGetPowerUsage"));
  }
  const std::int64_t published = rig.sampler->published(0);
  rig.nvml->release();
  SamplerRig::until([&] { return rig.sampler->published(0) > published; });
  const Snapshot snapshot = rig.window();
  EXPECT_EQ(snapshot.devices[0].sample.presence, Presence::ok);
  EXPECT_EQ(snapshot.devices[1].sample.presence, Presence::ok);
  EXPECT_EQ(snapshot.devices[0].sample.get<Id::power>().state(), State::measured);
}

TEST(Sampler, ADeviceThatHangsFromTheStartHasNoValuesAtAll) {
  SamplerRig rig(2);
  rig.nvml->hang(Call::name, 0);
  auto start = std::async(std::launch::async, [&] { rig.start(); });
  SamplerRig::until(
      [&] { return rig.nvml->hung() == 1 && rig.nvml->calls(Call::core_count, 1) == 1; });
  rig.clock->advance(rig.options.deadline);
  start.get();
  const Snapshot snapshot = rig.window_with_hang({0});
  EXPECT_EQ(snapshot.devices[0].sample.presence, Presence::stale);
  EXPECT_THAT(snapshot.devices[0].sample.trouble, HasSubstr("nvmlDeviceGetName"));
  for (const auto& reading : snapshot.devices[0].sample.readings)
    EXPECT_FALSE(reading.raw().has_value());
  EXPECT_EQ(snapshot.devices[1].sample.presence, Presence::ok);
}

TEST(Sampler, DestructionDoesNotWaitForAHangingThread) {
  SamplerRig rig(2);
  rig.start();
  rig.nvml->hang(Call::temperature, 1);
  rig.window_with_hang({1});
  const auto began = std::chrono::steady_clock::now();
  rig.sampler.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
}

TEST(Sampler, LostAndBack) {
  SamplerRig rig(2);
  rig.start();
  rig.window();
  rig.nvml->lose(0);
  Snapshot snapshot = rig.window();
  const auto& lost = snapshot.devices[0].sample;
  EXPECT_EQ(lost.presence, Presence::lost);
  EXPECT_THAT(lost.trouble, HasSubstr("fell off the bus"));
  EXPECT_THAT(lost.trouble, HasSubstr("device 0 (NVIDIA H100 80GB HBM3)"));
  for (const auto& reading : lost.readings) {
    EXPECT_EQ(reading.reason(), Reason::device_lost);
    EXPECT_FALSE(reading.raw().has_value());
  }
  EXPECT_EQ(lost.processes_reason, Reason::device_lost);
  EXPECT_EQ(snapshot.devices[1].sample.presence, Presence::ok);

  rig.nvml->recover(0);
  snapshot = rig.window();
  EXPECT_EQ(snapshot.devices[0].sample.presence, Presence::ok);
  EXPECT_EQ(snapshot.devices[0].sample.get<Id::sm_active>().reason(), Reason::first_sample);
  EXPECT_TRUE(rig.window().devices[0].sample.get<Id::sm_active>().usable());
  std::vector<std::string> kinds;
  for (const auto& event : rig.sampler->take_events()) kinds.push_back(event.kind);
  EXPECT_THAT(kinds, testing::ElementsAre("device-lost", "device-back"));
}

TEST(Sampler, AResetThatIsDueIsLostWithItsOwnReason) {
  SamplerRig rig;
  rig.start();
  rig.nvml->lose(0, Return::reset_required);
  const Snapshot snapshot = rig.window();
  EXPECT_EQ(only(snapshot).presence, Presence::lost);
  EXPECT_EQ(only(snapshot).get<Id::power>().reason(), Reason::reset_required);
}

TEST(Sampler, ADeviceThatMayNotBeOpenedIsNoErrorOfTheOthers) {
  SamplerRig rig(2);
  rig.nvml->inject(Call::device_by_index, Return::no_permission, 1);
  rig.start();
  const Snapshot snapshot = rig.window();
  EXPECT_EQ(snapshot.devices[0].sample.presence, Presence::ok);
  EXPECT_EQ(snapshot.devices[1].sample.presence, Presence::lost);
  EXPECT_EQ(snapshot.devices[1].sample.get<Id::power>().reason(), Reason::no_permission);
  EXPECT_EQ(snapshot.devices[1].facts.index, 1);
}

TEST(Sampler, TheHostsClockMayBeSet) {
  SamplerRig rig;
  rig.start();
  rig.window();
  rig.clock->step_wall(Seconds(-7200));
  const Snapshot snapshot = rig.window();
  EXPECT_DOUBLE_EQ(only(snapshot).window.value(), 1.0);
  EXPECT_DOUBLE_EQ(only(snapshot).get<Id::sm_active>().window().value(), 1.0);
  EXPECT_EQ(only(snapshot).presence, Presence::ok);
}

TEST(Sampler, ACallerWhoComesLateGetsWhatIsKeptAndAnHonestCount) {
  SamplerRig rig;
  rig.start();
  for (int i = 1; i <= 20; ++i) {
    rig.clock->advance(Seconds(1));
    SamplerRig::until([&] { return rig.sampler->published(0) == i; });
  }
  Snapshot snapshot = rig.sampler->next();
  EXPECT_EQ(snapshot.self.lost, 12);  // 8 of 20 windows are kept
  for (int i = 1; i < 8; ++i) {
    snapshot = rig.sampler->next();
    EXPECT_EQ(only(snapshot).presence, Presence::ok);
  }
  EXPECT_EQ(snapshot.self.samples, 8);
  EXPECT_EQ(snapshot.self.lost, 12);
}

TEST(Sampler, GpuUtilIsOverTheDriversSamplingPeriod) {
  SamplerRig rig;
  rig.nvml->change(0, [](FakeDevice& d) {
    d.utilization_samples = {{200'000, {.as_u64 = 100}}, {400'000, {.as_u64 = 100}}};
  });
  rig.start();
  Seconds window{0};
  for (int i = 0; i < 5000 && window == Seconds(0); ++i)
    window = only(rig.window()).get<Id::gpu_util>().window();
  EXPECT_DOUBLE_EQ(window.value(), 0.2);
}

TEST(Sampler, ACallOverAMillisecondLeavesTheHotPath) {
  SamplerRig rig;
  std::mutex mutex;
  std::thread::id hot;
  int on_hot = 0;
  rig.nvml->on_call([&](Call call, int) {
    const std::lock_guard lock(mutex);
    if (call == Call::gpm_sample_get) hot = std::this_thread::get_id();
    if (call == Call::field_values && hot == std::this_thread::get_id()) ++on_hot;
    if (call == Call::field_values) rig.clock->advance_ns(2'000'000);
  });
  rig.start();
  for (int i = 0; i < 10; ++i) rig.window();
  // The slow lane takes over: the value comes back, and the hot path has asked three times.
  std::optional<Watts> value;
  for (int i = 0; i < 5000 && !value; ++i)
    value = only(rig.window()).get<Id::power_instant>().value();
  EXPECT_EQ(value, Watts(127.5));
  const std::lock_guard lock(mutex);
  EXPECT_EQ(on_hot, 3);
}

TEST(Sampler, AReadingThatLeavesTheHotPathHasNoGap) {
  SamplerRig rig;
  rig.nvml->on_call([&](Call call, int) {
    if (call == Call::energy) rig.clock->advance_ns(3'000'000);
  });
  rig.start();
  for (int i = 0; i < 20; ++i) {
    const Snapshot snapshot = rig.window();
    EXPECT_TRUE(only(snapshot).get<Id::energy>().raw()) << i;
    EXPECT_TRUE(only(snapshot).get<Id::power_mean>().raw()) << i;
  }
  // The slow lane's first difference goes back to the hot path's last reading.
  bool by_slow_lane = false;
  for (int i = 0; i < 5000 && !by_slow_lane; ++i) {
    by_slow_lane = only(rig.window()).get<Id::power_mean>().window() > Seconds(30);
  }
  EXPECT_TRUE(by_slow_lane);
}

TEST(Sampler, WokenItGivesUpAndTheWindowGoesOn) {
  SamplerRig rig(1, Seconds(30));
  rig.start();
  auto next = std::async(std::launch::async, [&] { return rig.sampler->next_unless_woken(); });
  rig.clock->advance(Seconds(10));
  rig.sampler->wake();
  EXPECT_FALSE(next.get().has_value());
  rig.clock->advance(Seconds(20));
  const auto snapshot = rig.sampler->next_unless_woken();  // one wake() is one giving up
  ASSERT_TRUE(snapshot.has_value());
  EXPECT_DOUBLE_EQ(only(*snapshot).window.value(), 30.0);
  EXPECT_TRUE(only(*snapshot).get<Id::sm_active>().usable());
}

TEST(Sampler, AWakeBeforeTheWaitIsNotForgotten) {
  SamplerRig rig(1, Seconds(30));
  rig.start();
  rig.sampler->wake();
  EXPECT_FALSE(rig.sampler->next_unless_woken().has_value());
}

TEST(Sampler, CutEndsTheWindowAtOnce) {
  SamplerRig rig(2, Seconds(30));
  rig.start();
  rig.clock->advance(Seconds(7));
  const Snapshot snapshot = rig.sampler->cut();
  for (const auto& device : snapshot.devices) {
    EXPECT_EQ(device.sample.presence, Presence::ok);
    EXPECT_DOUBLE_EQ(device.sample.window.value(), 7.0);
    EXPECT_TRUE(device.sample.get<Id::sm_active>().usable());
  }
  EXPECT_EQ(snapshot.self.lost, 0);
  rig.clock->advance(Seconds(53));  // the next ends where the grid's second one does
  EXPECT_DOUBLE_EQ(only(rig.sampler->next()).window.value(), 53.0);
}

TEST(Sampler, CutWaitsForTheCountersToBeRefreshed) {
  SamplerRig rig(1, Seconds(30));
  rig.start();
  rig.clock->advance(Seconds(0.02));
  auto cut = std::async(std::launch::async, [&] { return rig.sampler->cut(); });
  EXPECT_EQ(cut.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  rig.clock->advance(Seconds(0.08));
  const Snapshot snapshot = cut.get();
  EXPECT_DOUBLE_EQ(only(snapshot).window.value(), 0.1);
  EXPECT_TRUE(only(snapshot).get<Id::sm_active>().usable());
}

}  // namespace
}  // namespace assay::probe::nvml
