// SPDX-License-Identifier: Apache-2.0
#include "assay/causes/diagnose.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

#include "assay/causes/fixtures_for_test.hpp"
#include "assay/causes/named_loss.hpp"

namespace assay::causes {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;

// A copy at 89 % of its link: no kernel is seen, and yet no more than 11 % is lost.
TEST(Diagnose, NoGainIsMoreThanWhatIsLost) {
  Device device;
  device.busy(0.0001).set(Id::sm_active, 0.00005).links(0.89, 0);
  const auto found = device.findings();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].cause, Cause::transfer_bound);
  EXPECT_NEAR(found[0].counterfactual.saved_max->value(), 0.11 * 2.5, 1e-9);
  EXPECT_FALSE(found[0].counterfactual.speedup_max) << "a quotient by nearly nothing";
}

// The readings of these five are an H100's: docs/evidence/lab.md.
TEST(Diagnose, OneThreadIsAGridTooSmallThatSpins) {
  Device device;
  device.busy(1).set(Id::sm_active, 0.00758).set(Id::int_util, 0.00039).set(Id::dram_util, 1e-5);
  const auto found = device.findings();
  ASSERT_GE(found.size(), 2u);
  EXPECT_EQ(found[0].cause, Cause::grid_too_small);
  EXPECT_NEAR(found[0].confidence, 0.98, 1e-9);
  EXPECT_NEAR(*found[0].counterfactual.speedup_max, 132, 0.5);
  EXPECT_NEAR(found[0].counterfactual.saved_max->value(), 2.48, 0.01);
  EXPECT_EQ(found[1].cause, Cause::spinning);
}

TEST(Diagnose, OneThreadOnEachSmSpins) {
  Device device;
  device.busy(1).set(Id::sm_active, 1).set(Id::int_util, 0.0513).set(Id::dram_util, 1e-5);
  EXPECT_EQ(device.first(), Cause::spinning);
  EXPECT_FALSE(device.finds(Cause::grid_too_small));
  EXPECT_FALSE(device.finds(Cause::latency_bound));
}

TEST(Diagnose, AFullAluSpinIsNotHealthy) {
  Device device;
  device.busy(1).set(Id::sm_active, 1).set(Id::sm_occupancy, 1).set(Id::int_util, 0.991);
  EXPECT_EQ(device.first(), Cause::spinning);
  EXPECT_FALSE(device.finds(Cause::healthy));
}

TEST(Diagnose, TinyKernelsAreLaunchBoundForCertain) {
  Device device;
  device.busy(0.35).set(Id::sm_active, 0.00029).set(Id::dram_util, 1e-5);
  const auto found = device.findings();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].cause, Cause::launch_bound);
  EXPECT_TRUE(found[0].or_else.empty());
  EXPECT_FALSE(device.finds(Cause::grid_too_small));
}

TEST(Diagnose, DecodeIsBoundByMemory) {
  Device device;
  device.busy(1).set(Id::sm_active, 0.97).set(Id::dram_util, 0.85).set(Id::tensor_util, 0.05);
  EXPECT_EQ(device.first(), Cause::dram_bound);
  EXPECT_TRUE(device.finds(Cause::healthy));  // as fast as this kernel can be
  device.set(Id::dram_util, 0.93);            // nothing left to gain there
  EXPECT_EQ(device.first(), Cause::healthy);
}

TEST(Diagnose, HeldAndIdle) {
  Device device;
  device.busy(0).set(Id::sm_active, 0);
  const auto found = device.findings();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].cause, Cause::held_idle);
  EXPECT_NEAR(found[0].counterfactual.saved_max->value(), 2.5, 1e-9);
}

// A job's merged window may hold a GPU-Util of its last, idle second only.
TEST(Diagnose, WhatRanIsNotHeldIdle) {
  Device device;
  device.busy(0).set(Id::sm_active, 0.31).set(Id::tensor_util, 0.3);
  EXPECT_FALSE(device.finds(Cause::held_idle));
  EXPECT_EQ(device.first(), Cause::host_bound);
}

TEST(Diagnose, AGapWithFullKernelsIsTheHosts) {
  Device device;
  device.busy(0.4).set(Id::sm_active, 0.38).set(Id::tensor_util, 0.3).links(0.01, 0);
  const auto found = device.findings();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].cause, Cause::host_bound);
  EXPECT_EQ(found[0].told_apart_by, "trace");
  EXPECT_NEAR(*found[0].counterfactual.speedup_max, 1 / 0.4, 1e-9);
}

TEST(Diagnose, AGapBesideABusyLinkIsTheTransfers) {
  Device device;
  device.busy(0.2).set(Id::sm_active, 0.19).set(Id::fp32_util, 0.1).links(0.7, 0);
  EXPECT_EQ(device.first(), Cause::transfer_bound);
  EXPECT_FALSE(device.finds(Cause::host_bound));
}

TEST(Diagnose, ABusyNvlinkAndQuietPipes) {
  Device device;
  device.busy(1).set(Id::sm_active, 0.2).set(Id::dram_util, 0.1).links(0, 0.6);
  EXPECT_EQ(device.first(), Cause::communication_bound);
}

TEST(Diagnose, HalfTheSmsOrHalfTheTime) {
  Device device;
  device.busy(1).set(Id::sm_active, 0.6).set(Id::fp32_util, 0.3);
  const auto found = device.findings();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].cause, Cause::tail_wave);  // more than half of the SMs: several waves
  EXPECT_EQ(found[0].or_else, std::vector{Cause::grid_too_small});
  EXPECT_TRUE(device.finds(Cause::grid_too_small));
  device.set(Id::sm_active, 0.49);
  EXPECT_EQ(device.first(), Cause::grid_too_small);
}

TEST(Diagnose, WaitingWarps) {
  Device device;
  device.busy(1).set(Id::sm_active, 1).set(Id::sm_occupancy, 0.1).set(Id::dram_util, 0.15);
  EXPECT_EQ(device.first(), Cause::latency_bound);
}

TEST(Diagnose, ThrottledNeedsTheBitAndTheClock) {
  Device device;
  device.busy(1).set(Id::sm_active, 1).set(Id::tensor_util, 0.9);
  device.set(Id::sm_clock, 1.2e9).set(Id::sm_clock_max, 1.98e9).set(Id::throttle_reasons, 0x20);
  EXPECT_TRUE(device.finds(Cause::throttled));
  for (const Finding& finding : device.findings())
    if (finding.cause == Cause::throttled) {
      EXPECT_NEAR(finding.counterfactual.speedup_max.value_or(0), 1.98 / 1.2, 0.01)
          << "the clock is not among what the ladder shows as lost";
    }
  EXPECT_FALSE(Device(device).set(Id::throttle_reasons, 0x1).finds(Cause::throttled));
  EXPECT_FALSE(Device(device).set(Id::sm_clock, 1.95e9).finds(Cause::throttled));
}

TEST(Diagnose, AFullMatrixProductIsHealthy) {
  Device device;
  device.busy(1).set(Id::sm_active, 0.99).set(Id::tensor_util, 0.9).set(Id::dram_util, 0.3);
  const auto found = device.findings();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].cause, Cause::healthy);
}

TEST(Diagnose, ALostDeviceExplainsNothing) {
  Device device;
  device.busy(1).set(Id::sm_active, 0.00758);
  device.sample.presence = sample::Presence::lost;
  EXPECT_TRUE(device.findings().empty());
}

// A missing counter must silence the rules that need it, never count as 0.
TEST(Diagnose, NothingIsSaidFromMissingCounters) {
  Device device;
  for (const metric::Def& def : metric::all())
    device.sample.at_id(def.id) = Reading<double>::unknown(Reason::no_gpm);
  device.set(Id::gpu_util, 1);
  EXPECT_TRUE(device.findings().empty());
}

TEST(Diagnose, EveryFindingIsWithinBounds) {
  EXPECT_TRUE(rc::check("confidence, speed-up and dollars", [] {
    const auto share = [] { return *rc::gen::inRange(0, 1001) / 1000.0; };
    Device device;
    const double busy = share();
    device.busy(busy).set(Id::sm_active, busy * share());
    for (const Id id : {Id::int_util, Id::fp32_util, Id::fp64_util, Id::fp16_util, Id::tensor_util,
                        Id::dram_util, Id::sm_occupancy})
      device.set(id, share());
    device.links(share(), share());
    double last = 1;
    for (const Finding& finding : device.findings()) {
      RC_ASSERT(finding.confidence > 0 && finding.confidence <= 1);
      RC_ASSERT(finding.share >= 0 && finding.share <= 1);
      const double weight =
          finding.cause == Cause::healthy ? 0.1 : finding.confidence * finding.share;
      RC_ASSERT(weight <= last);
      last = weight;
      if (const auto speedup = finding.counterfactual.speedup_max) RC_ASSERT(*speedup >= 1);
      if (const auto saved = finding.counterfactual.saved_max) {
        RC_ASSERT(saved->value() >= 0);
        RC_ASSERT(saved->value() <= 2.5 * named_loss(finding.cause, device.losses()) + 1e-9);
      }
      RC_ASSERT(finding.or_else.empty() == finding.told_apart_by.empty());
      for (const Evidence& e : finding.evidence)
        RC_ASSERT(metric::find(e.metric) || e.metric.starts_with("sol"));
    }
  }));
}

// Findings of a part of the time beside a ladder of the whole.
TEST(Diagnose, NoFindingPromisesMoreThanTheLadderBesideItLoses) {
  EXPECT_TRUE(rc::check("dollars within the named parts", [] {
    const auto share = [] { return *rc::gen::inRange(0, 1001) / 1000.0; };
    Device worked;
    Device whole;
    for (Device* device : {&worked, &whole}) {
      const double busy = share();
      device->busy(busy).set(Id::sm_active, busy * share());
      for (const Id id : {Id::int_util, Id::fp32_util, Id::tensor_util, Id::dram_util})
        device->set(id, share());
      device->links(share(), share());
    }
    if (*rc::gen::arbitrary<bool>())
      whole.sample.at_id(Id::sm_active) = Reading<double>::unknown(Reason::no_gpm);
    const double part = share();
    auto findings = worked.findings({.fp32 = share(), .fp64 = share()});
    const auto before = findings;
    lay_beside(findings, part, whole.losses(), DollarsPerHour(2.5));
    for (std::size_t i = 0; i < findings.size(); ++i) {
      const auto saved = findings[i].counterfactual.saved_max;
      if (!saved) continue;
      RC_ASSERT(saved->value() <= 2.5 * named_loss(findings[i].cause, whole.losses()) + 1e-9);
      RC_ASSERT(saved->value() <= part * before[i].counterfactual.saved_max->value() + 1e-9);
      RC_ASSERT(findings[i].counterfactual.speedup_max == before[i].counterfactual.speedup_max);
    }
  }));
}

TEST(NamedLoss, OfThePartsThatACauseSpeaksOf) {
  Device device;
  device.busy(0.8).set(Id::sm_active, 0.5).set(Id::tensor_util, 0.3);
  const ladder::Losses losses = device.losses();
  EXPECT_NEAR(named_loss(Cause::host_bound, losses), 0.2, 1e-12);
  EXPECT_NEAR(named_loss(Cause::launch_bound, losses), 0.5, 1e-12);
  EXPECT_NEAR(named_loss(Cause::grid_too_small, losses), 0.3, 1e-12);
  EXPECT_NEAR(named_loss(Cause::latency_bound, losses), 0.2, 1e-12);
  EXPECT_NEAR(named_loss(Cause::transfer_bound, losses), 0.7, 1e-12);
  EXPECT_NEAR(named_loss(Cause::wrong_pipe, losses), 0.5, 1e-12);
  EXPECT_NEAR(named_loss(Cause::spinning, losses), 0.8, 1e-12);
  device.sample.at_id(Id::sm_active) = Reading<double>::unknown(Reason::no_gpm);
  EXPECT_NEAR(named_loss(Cause::grid_too_small, device.losses()), 0.5, 1e-12)
      << "what can't be placed may be it";
  for (const CauseInfo& row : all()) EXPECT_FALSE(parts_named_by(row.cause).empty()) << row.id;
}

// 76 % of the fp32 pipe's 66.9 TFLOP/s would take 5 % of the time at 989.
TEST(Diagnose, ProductsOnTheVectorPipeGainWhatTheMatrixUnitsWouldSave) {
  Device device;
  device.busy(1).set(Id::sm_active, 0.97).set(Id::fp32_util, 0.76);
  const auto unknown = device.findings();
  ASSERT_EQ(unknown.front().cause, Cause::wrong_pipe);
  EXPECT_FALSE(unknown.front().counterfactual.speedup_max) << "of a chip that nobody knows";
  const double left = 0.03 + 0.76 * 0.0676;
  const auto found = device.findings({.fp32 = 0.0676, .fp64 = 0.5});
  EXPECT_NEAR(*found.front().counterfactual.speedup_max, 1 / left, 1e-9);
  EXPECT_NEAR(found.front().counterfactual.saved_max->value(), 2.5 * (1 - left), 1e-9);
  device.set(Id::fp32_util, 0).set(Id::fp64_util, 0.76);
  EXPECT_NEAR(*device.findings({.fp32 = 0.0676, .fp64 = 0.5}).front().counterfactual.speedup_max,
              1 / (0.03 + 0.38), 1e-9);
}

TEST(Causes, WordsAreUniqueAndComplete) {
  for (const CauseInfo& row : all()) {
    EXPECT_EQ(parse(row.id), row.cause);
    EXPECT_EQ(&info(row.cause), &row);
    EXPECT_FALSE(row.remedies.empty());
  }
  EXPECT_EQ(parse("no-such-cause"), std::nullopt);
}

}  // namespace
}  // namespace assay::causes
