// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assay/nvml_sim/fixture_for_tests.hpp"
#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {
namespace {

// Xid 31 at 1 s, two corrected errors at 2 s, lost (Xid 79) at 3 s, back at 4 s.
sim::DevicePlan troubled() {
  sim::DevicePlan plan = busy_h100();
  plan.events = {
      {.at_ns = milliseconds_ns(1000), .kind = sim::EventKind::xid, .value = 31},
      {.at_ns = milliseconds_ns(2000), .kind = sim::EventKind::ecc_corrected, .value = 2},
      {.at_ns = milliseconds_ns(3000), .kind = sim::EventKind::lost},
      {.at_ns = milliseconds_ns(4000), .kind = sim::EventKind::back}};
  return plan;
}

class Events : public testing::Test {
 protected:
  Events() { EXPECT_EQ(rig.nvml->event_set_create(&set), Return::success); }
  Return listen(u64 types) { return rig.nvml->event_register(rig.device(), types, set); }
  Return wait(u32 timeout_ms = 0) { return rig.nvml->event_wait(set, &event, timeout_ms); }

  Rig rig = Rig::started({troubled()});
  abi::EventSetHandle set = nullptr;
  abi::EventData event{};
};

TEST_F(Events, AnXidIsToldOnceAndWithItsNumber) {
  ASSERT_EQ(listen(abi::kEventXid), Return::success);
  EXPECT_EQ(wait(), Return::timeout);
  rig.time->set(milliseconds_ns(2500));
  ASSERT_EQ(wait(), Return::success);
  EXPECT_EQ(event.type, abi::kEventXid);
  EXPECT_EQ(event.data, 31U);
  EXPECT_EQ(event.device, rig.device());
  EXPECT_EQ(event.gpu_instance, 0xffff'ffffU);
  EXPECT_EQ(wait(), Return::timeout) << "nobody listens for memory errors";
}

TEST_F(Events, WhatHappenedBeforeRegistrationIsNotTold) {
  rig.time->set(milliseconds_ns(1500));
  ASSERT_EQ(listen(abi::kEventXid | abi::kEventCorrectedEcc), Return::success);
  EXPECT_EQ(wait(), Return::timeout);
  rig.time->set(milliseconds_ns(2500));
  ASSERT_EQ(wait(), Return::success);
  EXPECT_EQ(event.type, abi::kEventCorrectedEcc);
}

TEST_F(Events, WaitingEndsWithTheEventOrTheTimeout) {
  ASSERT_EQ(listen(abi::kEventXid), Return::success);
  rig.time->set(milliseconds_ns(900));
  ASSERT_EQ(wait(5000), Return::success);
  EXPECT_EQ(event.data, 31U);
  EXPECT_LE(rig.time->now_ns(), milliseconds_ns(1100));
  EXPECT_EQ(wait(200), Return::timeout);
  EXPECT_GE(rig.time->now_ns(), milliseconds_ns(1200));
}

TEST_F(Events, ALostDeviceIsToldByItsXidAndThenByTheCode) {
  ASSERT_EQ(listen(abi::kEventXid), Return::success);
  rig.time->set(milliseconds_ns(3500));
  ASSERT_EQ(wait(), Return::success);
  ASSERT_EQ(wait(), Return::success);
  EXPECT_EQ(event.data, 79U);
  EXPECT_EQ(wait(), Return::gpu_is_lost);
  rig.time->set(milliseconds_ns(4500));
  EXPECT_EQ(wait(), Return::timeout);
}

TEST_F(Events, RefusesWrongSetsAndTypes) {
  EXPECT_EQ(listen(u64{1} << 40U), Return::not_supported);
  EXPECT_EQ(rig.nvml->event_wait(set, nullptr, 0), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->event_wait(nullptr, &event, 0), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->event_register(rig.device(), abi::kEventXid, nullptr),
            Return::invalid_argument);
  EXPECT_EQ(rig.nvml->event_set_free(set), Return::success);
  EXPECT_EQ(rig.nvml->event_set_free(set), Return::invalid_argument);
  EXPECT_EQ(wait(), Return::invalid_argument);
}

}  // namespace
}  // namespace assay::nvml_sim
