// SPDX-License-Identifier: Apache-2.0
// More devices than threads, through the Sampler.
#include "assay/probe/nvml/sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "assay/probe/nvml/sampler_rig.hpp"

namespace assay::probe::nvml {
namespace {

using metric::Id;
using sample::Presence;
using sample::Snapshot;
using testing::HasSubstr;

// Six devices on two threads a lane: 0, 2, 4 share one, 1, 3, 5 the other.
struct SharedThreads : SamplerRig {
  SharedThreads() : SamplerRig(6) { options.threads = 2; }
  // The patrol gives the lanes behind a hanging call to a fresh thread.
  void let_budget_pass() { clock->advance(options.deadline * 0.25); }
};

TEST(Sweep, DevicesThatShareAThreadAreOnTheGridAndTheirThreadsAreFew) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  SharedThreads rig;
  rig.nvml->on_call([&](Call call, int) {
    const std::lock_guard lock(mutex);
    if (call != Call::init && call != Call::device_count)
      threads.insert(std::this_thread::get_id());
  });
  rig.start();
  {
    const std::lock_guard lock(mutex);
    EXPECT_GE(threads.size(), 2U);
    EXPECT_LE(threads.size(), 4U);
  }
  for (int i = 0; i < 3; ++i) {
    const Snapshot snapshot = rig.window();
    for (const auto& [facts, sample] : snapshot.devices) {
      EXPECT_EQ(sample.presence, Presence::ok) << facts.index;
      EXPECT_DOUBLE_EQ(sample.window.value(), 1.0);
      EXPECT_TRUE(sample.get<Id::sm_active>().usable());
    }
  }
}

TEST(Sweep, AHangingCallIsLeftToItsThreadAndTheDevicesBehindItGoOn) {
  SharedThreads rig;
  rig.start();
  rig.window();
  rig.nvml->hang(Call::gpm_sample_get, 2);
  auto next = std::async(std::launch::async, [&] { return rig.sampler->next(); });
  rig.clock->advance(rig.options.period);
  SamplerRig::until([&] { return rig.nvml->hung() == 1 && rig.sampler->published(5) == 2; });
  EXPECT_EQ(rig.sampler->published(4), 1) << "waits behind the hanging call";
  rig.let_budget_pass();
  SamplerRig::until([&] { return rig.sampler->published(4) == 2; });
  rig.clock->advance(rig.options.deadline);
  const Snapshot snapshot = next.get();
  for (const std::size_t i : {0U, 1U, 3U, 4U, 5U})
    EXPECT_EQ(snapshot.devices[i].sample.presence, Presence::ok) << i;
  EXPECT_EQ(snapshot.devices[2].sample.presence, Presence::stale);
  EXPECT_THAT(snapshot.devices[2].sample.trouble, HasSubstr("nvmlGpmSampleGet"));
}

TEST(Sweep, SeveralHangingDevicesOfOneThreadAreLeftBehindOneByOne) {
  SharedThreads rig;
  rig.start();
  rig.window();
  rig.nvml->hang(Call::power, 0);
  rig.nvml->hang(Call::power, 2);
  rig.clock->advance(rig.options.period);
  for (int hung = 1; hung <= 2; ++hung) {
    SamplerRig::until([&] { return rig.nvml->hung() == hung; });
    rig.let_budget_pass();
  }
  SamplerRig::until([&] { return rig.sampler->published(4) >= 2; });
  EXPECT_EQ(rig.sampler->published(0), 1);
  EXPECT_EQ(rig.sampler->published(2), 1);
}

TEST(Sweep, AThreadThatWasLeftBehindGivesItsDeviceBackAndEnds) {
  std::mutex mutex;
  std::map<std::thread::id, std::set<int>> seen;
  SharedThreads rig;
  rig.start();
  rig.window();
  for (int i = 0; i < 3; ++i) {  // again and again: threads don't pile up
    rig.nvml->hang(Call::power, 2);
    const std::int64_t behind = rig.sampler->published(4);
    rig.clock->advance(rig.options.period);
    SamplerRig::until([&] { return rig.nvml->hung() == 1; });
    rig.let_budget_pass();
    SamplerRig::until([&] { return rig.sampler->published(4) > behind; });
    const std::int64_t before = rig.sampler->published(2);
    rig.nvml->release();
    SamplerRig::until([&] { return rig.sampler->published(2) > before; });
  }
  rig.nvml->on_call([&](Call call, int device) {
    const std::lock_guard lock(mutex);
    if (call == Call::gpm_sample_get) seen[std::this_thread::get_id()].insert(device);
  });
  const std::set<std::set<int>> as_dealt = {{0, 2, 4}, {1, 3, 5}};
  std::set<std::set<int>> groups;
  for (int i = 0; i < 100 && groups != as_dealt; ++i) {  // the thread takes its (real) time to end
    std::array<std::int64_t, 6> before{};
    for (std::size_t d = 0; d < before.size(); ++d) before[d] = rig.sampler->published(d);
    rig.clock->advance(rig.options.period);
    for (std::size_t d = 0; d < before.size(); ++d)
      SamplerRig::until([&] { return rig.sampler->published(d) > before[d]; });
    const std::lock_guard lock(mutex);
    groups.clear();
    for (const auto& [thread, devices] : std::exchange(seen, {})) groups.insert(devices);
  }
  EXPECT_EQ(groups, as_dealt);
}

}  // namespace
}  // namespace assay::probe::nvml
