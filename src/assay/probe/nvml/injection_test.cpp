// SPDX-License-Identifier: Apache-2.0
// Every call of the interface answers every NVML code, once from the start and once in mid-run:
// nothing crashes, nothing unknown becomes a number, and the device's state is the code's.
#include <gtest/gtest.h>

#include <algorithm>

#include "assay/probe/nvml/codes.hpp"
#include "assay/probe/nvml/sampler_rig.hpp"

namespace assay::probe::nvml {
namespace {

using sample::Presence;
using sample::Reason;
using sample::State;

std::vector<Return> codes() {
  std::vector<Return> out;
  for (const CodeInfo& row : all_codes())
    if (row.code != Return::success) out.push_back(row.code);
  out.push_back(static_cast<Return>(31));
  out.push_back(static_cast<Return>(12345));
  return out;
}

bool starts_up(Call call) { return call == Call::init || call == Call::device_count; }

// Calls of the fast lane: what they answer decides the presence of the device.
bool is_fast(Call call) {
  switch (call) {
    case Call::utilization:
    case Call::memory_v2:
    case Call::power:
    case Call::energy:
    case Call::field_values:
    case Call::clock:
    case Call::throttle_reasons:
    case Call::temperature:
    case Call::compute_processes:
    case Call::graphics_processes:
    case Call::gpm_sample_get:
    case Call::gpm_metrics_get: return true;
    default: return false;
  }
}

void check_sample(const sample::Sample& sample, const std::string& what) {
  for (const metric::Def& def : metric::all()) {
    const auto& r = sample.at_id(def.id);
    if (r.state() == State::unknown) {
      EXPECT_FALSE(r.raw().has_value()) << what << ' ' << def.name;
      EXPECT_NE(r.reason(), Reason::none) << what << ' ' << def.name;
    }
    if (r.usable()) {
      EXPECT_NE(r.source(), metric::Source::none) << what << ' ' << def.name;
    }
  }
  EXPECT_EQ(sample.trouble.empty(), sample.presence == Presence::ok) << what;
  EXPECT_EQ(sample.trouble.find('\n'), std::string::npos) << what;
}

// What each call of the fast lane feeds, of the readings that are there in every window.
struct Feed {
  Call call;
  std::vector<metric::Id> ids;
};
const std::vector<Feed>& feeds() {
  using metric::Id;
  static const std::vector<Feed> kFeeds = {
      {Call::utilization, {Id::gpu_util, Id::memory_util}},
      {Call::memory_v2, {Id::memory_total, Id::memory_reserved, Id::memory_free, Id::memory_used}},
      {Call::power, {Id::power}},
      {Call::energy, {Id::energy, Id::power_mean}},
      {Call::clock, {Id::sm_clock, Id::memory_clock}},
      {Call::throttle_reasons, {Id::throttle_reasons}},
      {Call::temperature, {Id::temperature}},
      {Call::field_values, {Id::power_instant, Id::temperature_memory}},
      {Call::gpm_sample_get, {Id::sm_active, Id::sm_occupancy}},
      {Call::gpm_metrics_get, {Id::sm_active, Id::sm_occupancy}}};
  return kFeeds;
}

// One call that fails takes along nothing that another feeds: all of that is there, as it was.
void check_others(const sample::Sample& sample, const sample::Sample& whole, Call failed,
                  const std::string& what) {
  const auto own = std::ranges::find(feeds(), failed, &Feed::call);
  for (const Feed& feed : feeds()) {
    for (const metric::Id id : feed.ids) {
      if (own != feeds().end() && std::ranges::find(own->ids, id) != own->ids.end()) continue;
      const auto got = sample.at_id(id).value();
      const auto before = whole.at_id(id).value();
      ASSERT_TRUE(before) << metric::def(id).name;
      ASSERT_TRUE(got) << what << " took along " << metric::def(id).name;
      // A counter goes on; all else of these devices stands still.
      if (id == metric::Id::energy) EXPECT_GT(*got, *before) << what;
      else EXPECT_EQ(*got, *before) << what << ' ' << metric::def(id).name;
    }
  }
}

TEST(Injection, EachCodeFromEachCallFromTheStart) {
  for (std::size_t i = 0; i < kCallCount; ++i) {
    for (const Return code : codes()) {
      const auto call = static_cast<Call>(i);
      const std::string what =
          std::string(to_string(call)) + " = " + std::to_string(static_cast<unsigned>(code));
      SamplerRig rig(1);
      rig.nvml->inject(call, code);
      const auto started = Sampler::start(rig.nvml, rig.options);
      if (starts_up(call)) {
        ASSERT_FALSE(started.ok()) << what;
        EXPECT_EQ(started.error().code, info(code).error) << what;
        continue;
      }
      ASSERT_TRUE(started.ok()) << what;
      rig.clock->advance(Seconds(1));
      const sample::Snapshot snapshot = (*started)->next();
      check_sample(snapshot.devices.at(0).sample, what);
    }
  }
}

TEST(Injection, EachCodeFromEachCallInMidRunAndBack) {
  for (std::size_t i = 0; i < kCallCount; ++i) {
    const auto call = static_cast<Call>(i);
    if (starts_up(call)) continue;
    SamplerRig rig(1);
    rig.start();
    sample::Sample whole = rig.window().devices.at(0).sample;
    for (const Return code : codes()) {
      const std::string what =
          std::string(to_string(call)) + " = " + std::to_string(static_cast<unsigned>(code));
      rig.nvml->inject(call, code);
      const sample::Snapshot bad = rig.window();
      const sample::Sample& sample = bad.devices.at(0).sample;
      check_sample(sample, what);
      if (is_fast(call)) {
        EXPECT_EQ(sample.presence, is_device_trouble(code) ? Presence::lost : Presence::ok) << what;
      }
      if (!is_device_trouble(code)) check_others(sample, whole, call, what);
      rig.nvml->inject(call, Return::success);
      rig.window();
      whole = rig.window().devices.at(0).sample;
      EXPECT_EQ(whole.presence, Presence::ok) << what;
    }
  }
}

// The reading that a call feeds says why it is missing, with the code's own reason.
TEST(Injection, TheReadingOfACallHasTheReasonOfTheCode) {
  using metric::Id;
  const std::vector<std::pair<Call, Id>> feeds = {{Call::utilization, Id::gpu_util},
                                                  {Call::power, Id::power},
                                                  {Call::energy, Id::energy},
                                                  {Call::clock, Id::sm_clock},
                                                  {Call::throttle_reasons, Id::throttle_reasons},
                                                  {Call::temperature, Id::temperature},
                                                  {Call::gpm_sample_get, Id::sm_active},
                                                  {Call::gpm_metrics_get, Id::sm_active}};
  for (const auto& [call, id] : feeds) {
    SamplerRig rig(1);
    rig.start();
    rig.window();
    for (const Return code : codes()) {
      rig.nvml->inject(call, code);
      const auto snapshot = rig.window();
      const auto& r = snapshot.devices.at(0).sample.at_id(id);
      EXPECT_EQ(r.reason(), reason_of(code)) << to_string(call) << static_cast<unsigned>(code);
      EXPECT_EQ(r.state(), State::unknown);
      rig.nvml->inject(call, Return::success);
      rig.window();
      rig.window();
    }
  }
}

}  // namespace
}  // namespace assay::probe::nvml
