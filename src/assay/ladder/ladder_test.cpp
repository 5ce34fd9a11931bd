// SPDX-License-Identifier: Apache-2.0
#include "assay/ladder/ladder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "assay/ladder/cost.hpp"

namespace assay::ladder {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;
using sample::Sample;
using sample::Source;

void put(Sample& sample, Id id, double share) {
  sample.at_id(id) = Reading<double>::measured(share, Source::gpm, Seconds(1));
}

// The one-thread kernel as measured on an H100: 100 % busy, one SM of 132, the int pipe at 0.04 %.
Sample one_thread() {
  Sample sample;
  sample.processes = {{.pid = 42, .name = "spin"}};
  sample.processes_reason = Reason::none;
  put(sample, Id::graphics_util, 1.0);
  put(sample, Id::gpu_util, 1.0);
  put(sample, Id::sm_active, 1.0 / 132);
  for (Id id : {Id::dram_util, Id::tensor_util, Id::fp64_util, Id::fp32_util, Id::fp16_util})
    put(sample, id, 0.0);
  put(sample, Id::int_util, 0.00039);
  return sample;
}

double share_of(const Losses& losses, std::string_view name) {
  for (const Part& part : losses.parts)
    if (part.name == name) return part.share.value() ? part.share.value()->value() : NAN;
  return NAN;
}

TEST(Ladder, OneThreadLosesAllButOneSm) {
  const Ladder ladder = climb(one_thread(), {});
  EXPECT_DOUBLE_EQ(ladder.held.value()->value(), 1.0);
  EXPECT_DOUBLE_EQ(ladder.busy.value()->value(), 1.0);
  EXPECT_DOUBLE_EQ(ladder.sm_active.value()->value(), 1.0 / 132);
  EXPECT_EQ(ladder.sol.limiter, Limiter::integer);
  EXPECT_EQ(ladder.route, "gpm");
  EXPECT_FALSE(ladder.sm_active_raised);
  EXPECT_DOUBLE_EQ(share_of(ladder.losses, "empty_sms"), 1.0 - 1.0 / 132);
  EXPECT_NEAR(share_of(ladder.losses, "stalled"), 1.0 / 132 - 0.00039, 1e-12);
  EXPECT_NEAR(ladder.losses.unattributed.value(), 0.0, 1e-12);
  EXPECT_EQ(largest_loss(ladder.losses).name, "empty_sms");
}

TEST(Ladder, CopyEngineWithoutSmsRaisesTheRungsAbove) {
  Sample sample = one_thread();
  put(sample, Id::graphics_util, 0.0);
  put(sample, Id::gpu_util, 0.0);
  put(sample, Id::sm_active, 0.0);
  put(sample, Id::dram_util, 0.5);
  const Ladder ladder = climb(sample, {});
  EXPECT_EQ(ladder.sol.limiter, Limiter::dram);
  EXPECT_DOUBLE_EQ(ladder.sm_active.value()->value(), 0.5);
  EXPECT_EQ(ladder.sm_active.state(), sample::State::derived);
  EXPECT_TRUE(ladder.sm_active_raised);
  EXPECT_DOUBLE_EQ(ladder.busy.value()->value(), 0.5);
  EXPECT_DOUBLE_EQ(share_of(ladder.losses, "idle_held"), 0.5);
  EXPECT_DOUBLE_EQ(share_of(ladder.losses, "empty_sms"), 0.0);
  EXPECT_DOUBLE_EQ(share_of(ladder.losses, "stalled"), 0.0);
}

TEST(Ladder, WithoutCountersTheBusyShareStaysUnattributed) {
  Sample sample;
  sample.processes_reason = Reason::none;
  sample.processes = {{.pid = 1}};
  sample.at_id(Id::gpu_util) = Reading<double>::measured(0.7, Source::nvml);
  for (Id id : {Id::sm_active, Id::dram_util, Id::int_util, Id::graphics_util})
    sample.at_id(id) = Reading<double>::unknown(Reason::no_gpm);
  const Ladder ladder = climb(sample, {});
  EXPECT_EQ(ladder.route, "nvml");
  EXPECT_FALSE(ladder.sm_active.value());
  EXPECT_EQ(ladder.sm_active.reason(), Reason::no_gpm);
  EXPECT_NEAR(share_of(ladder.losses, "idle_held"), 0.3, 1e-12);
  EXPECT_TRUE(std::isnan(share_of(ladder.losses, "empty_sms")));
  EXPECT_NEAR(ladder.losses.unattributed.value(), 0.7, 1e-12);
}

TEST(Ladder, FullLowerRungFixesAnUnknownUpperOne) {
  Sample sample = one_thread();
  sample.processes_reason = Reason::no_permission;
  sample.processes.clear();
  const Ladder ladder = climb(sample, {});
  EXPECT_DOUBLE_EQ(ladder.held.value()->value(), 1.0);
  EXPECT_EQ(ladder.held.state(), sample::State::derived);
}

TEST(Ladder, EmptyProcessListOfAnIdleDeviceIsNotHeld) {
  Sample sample = one_thread();
  sample.processes.clear();
  for (Id id : {Id::graphics_util, Id::gpu_util, Id::sm_active, Id::int_util}) put(sample, id, 0.0);
  const Ladder ladder = climb(sample, {});
  EXPECT_DOUBLE_EQ(share_of(ladder.losses, "not_held"), 1.0);
  EXPECT_EQ(ladder.sol.limiter, Limiter::none);
}

TEST(Ladder, UsefulSplitsTheEngagedPart) {
  const Sample sample = one_thread();
  const auto useful = Reading<Ratio>::derived(Ratio::fraction(0.0001), Source::computed);
  const Ladder ladder = climb(sample, {}, useful);
  EXPECT_NEAR(share_of(ladder.losses, "overwork"), 0.00029, 1e-12);
  EXPECT_NEAR(share_of(ladder.losses, "useful"), 0.0001, 1e-12);
  EXPECT_TRUE(std::isnan(share_of(ladder.losses, "engaged")));
  EXPECT_NEAR(ladder.losses.unattributed.value(), 0.0, 1e-12);
}

TEST(Ladder, ValueOverOneIsInvalidAndNeverUsed) {
  Sample sample = one_thread();
  put(sample, Id::sm_active, 1.7);
  const Ladder ladder = climb(sample, {});
  EXPECT_EQ(ladder.sm_active.state(), sample::State::invalid);
  EXPECT_TRUE(std::isnan(share_of(ladder.losses, "empty_sms")));
  EXPECT_GT(ladder.losses.unattributed.value(), 0.99);
}

TEST(Ladder, LostDeviceHasNoLadder) {
  Sample sample;
  sample.presence = sample::Presence::lost;
  const Ladder ladder = climb(sample, {});
  EXPECT_EQ(ladder.held.reason(), Reason::device_lost);
  EXPECT_DOUBLE_EQ(ladder.losses.unattributed.value(), 1.0);
  EXPECT_FALSE(cost_of(ladder.losses, Price{DollarsPerHour(2), "test"}).lost.has_value());
}

sample::State state_of(const Losses& losses, std::string_view name) {
  for (const Part& part : losses.parts)
    if (part.name == name) return part.share.state();
  return sample::State::unknown;
}

TEST(Ladder, BusyByTheDriversSamplingIsAnEstimateAndSoAreItsLosses) {
  Sample sample = one_thread();
  sample.window = Seconds(1);
  sample.at_id(Id::graphics_util) = Reading<double>::unknown(Reason::not_read);
  sample.at_id(Id::gpu_util) = Reading<double>::measured(0.9, Source::nvml, Seconds(0.2));
  const Ladder sampled = climb(sample, {});
  EXPECT_EQ(sampled.busy.state(), sample::State::estimated);
  EXPECT_EQ(sampled.busy.reason(), Reason::sampled);
  EXPECT_DOUBLE_EQ(sampled.busy.value()->value(), 0.9);
  EXPECT_EQ(state_of(sampled.losses, "idle_held"), sample::State::estimated);
  EXPECT_EQ(state_of(sampled.losses, "empty_sms"), sample::State::estimated);
  EXPECT_EQ(state_of(sampled.losses, "stalled"), sample::State::derived);

  sample.at_id(Id::gpu_util) = Reading<double>::measured(0.9, Source::nvml, Seconds(1));
  EXPECT_EQ(climb(sample, {}).busy.state(), sample::State::measured);
}

TEST(Ladder, ACounterOfOneWindowInAMinuteIsAnEstimate) {
  Sample sample = one_thread();
  sample.window = Seconds(60);
  EXPECT_EQ(climb(sample, {}).busy.state(), sample::State::estimated);
  sample.window = Seconds(1.1);  // the refresh is latched: a window's counters may be 0.9 of it
  EXPECT_EQ(climb(sample, {}).busy.state(), sample::State::measured);
}

TEST(SpeedOfLight, ALinkFasterThanItsPeakIsInvalidAndLeftOut) {
  Sample sample = one_thread();
  sample.at_id(Id::pcie_rx) = Reading<double>::measured(101e9, Source::gpm);
  sample.at_id(Id::pcie_tx) = Reading<double>::measured(1e9, Source::gpm);
  const SpeedOfLight full = speed_of_light(sample, {.pcie = BytesPerSecond(100e9), .nvlink = {}});
  EXPECT_EQ(full.limiter, Limiter::pcie);
  EXPECT_DOUBLE_EQ(full.value.value()->value(), 1.0);
  const SpeedOfLight wrong = speed_of_light(sample, {.pcie = BytesPerSecond(50e9), .nvlink = {}});
  EXPECT_EQ(wrong.pcie.state(), sample::State::invalid);
  EXPECT_EQ(wrong.pcie.reason(), Reason::out_of_range);
  EXPECT_DOUBLE_EQ(wrong.pcie.raw()->value(), 2.02);
  EXPECT_EQ(wrong.limiter, Limiter::integer);
  EXPECT_DOUBLE_EQ(wrong.value.value()->value(), 0.00039);
  EXPECT_EQ(wrong.value.state(), sample::State::estimated) << "the link may be busier";
  EXPECT_EQ(wrong.value.reason(), Reason::out_of_range);
  EXPECT_TRUE(wrong.pcie_left_out);
}

TEST(SpeedOfLight, ALinkThatWorksWithoutAKnownPeakMakesItAnEstimate) {
  using Peaks = LinkPeaks;
  struct Case {
    Id sent, received;
    bool SpeedOfLight::* left_out;
    Peaks known;
  };
  for (const Case& link : {Case{Id::pcie_tx, Id::pcie_rx, &SpeedOfLight::pcie_left_out,
                                Peaks{.pcie = BytesPerSecond(50e9), .nvlink = {}}},
                           Case{Id::nvlink_tx, Id::nvlink_rx, &SpeedOfLight::nvlink_left_out,
                                Peaks{.pcie = {}, .nvlink = BytesPerSecond(450e9)}}}) {
    Sample sample = one_thread();
    sample.at_id(link.sent) = Reading<double>::measured(1.0, Source::gpm);
    sample.at_id(link.received) = Reading<double>::measured(0.0, Source::gpm);
    const SpeedOfLight sol = speed_of_light(sample, {});
    EXPECT_DOUBLE_EQ(sol.value.value()->value(), 0.00039);
    EXPECT_EQ(sol.value.state(), sample::State::estimated);
    EXPECT_EQ(sol.value.reason(), Reason::no_roof);
    EXPECT_TRUE(sol.*link.left_out);
    EXPECT_EQ(climb(sample, {}).losses.parts.back().share.reason(), Reason::no_roof)
        << "what is engaged is an estimate then, too";
    EXPECT_EQ(speed_of_light(sample, link.known).value.state(), sample::State::measured);
    put(sample, Id::int_util, 1.0);
    EXPECT_EQ(speed_of_light(sample, {}).value.state(), sample::State::measured)
        << "nothing can be busier";
  }
  Sample quiet = one_thread();
  for (Id id : {Id::pcie_tx, Id::pcie_rx, Id::nvlink_tx, Id::nvlink_rx})
    quiet.at_id(id) = Reading<double>::measured(0.0, Source::gpm);
  EXPECT_EQ(speed_of_light(quiet, {}).value.state(), sample::State::measured);
}

TEST(LargestLoss, IsNeverWhatIsEngagedOrUseful) {
  Sample sample = one_thread();
  put(sample, Id::sm_active, 0.97);
  put(sample, Id::tensor_util, 0.9);
  EXPECT_EQ(largest_loss(climb(sample, {}).losses).name, "stalled");
  const auto useful = Reading<Ratio>::derived(Ratio::fraction(0.88), Source::computed);
  EXPECT_EQ(largest_loss(climb(sample, {}, useful).losses).name, "stalled");
  const Part none = largest_loss(climb(Sample{}, {}).losses);
  EXPECT_EQ(none.name, "none");
  EXPECT_FALSE(none.share.value());
}

TEST(SpeedOfLight, MissingOnChipLimiterHidesTheMaximum) {
  Sample sample = one_thread();
  sample.at_id(Id::dram_util) = Reading<double>::unknown(Reason::not_finite, Source::gpm);
  EXPECT_FALSE(climb(sample, {}).sol.value.value());
  EXPECT_EQ(climb(sample, {}).sol.value.reason(), Reason::not_finite);
  sample.at_id(Id::dram_util) = Reading<double>::unknown(Reason::not_supported, Source::gpm);
  EXPECT_TRUE(climb(sample, {}).sol.value.value());
}

TEST(SpeedOfLight, PcieLimitsWhereItsPeakIsKnown) {
  Sample sample = one_thread();
  sample.at_id(Id::pcie_rx) = Reading<double>::measured(50e9, Source::gpm);
  sample.at_id(Id::pcie_tx) = Reading<double>::measured(1e9, Source::gpm);
  EXPECT_EQ(climb(sample, {}).sol.limiter, Limiter::integer);
  const Ladder ladder = climb(sample, {.pcie = BytesPerSecond(55e9), .nvlink = {}});
  EXPECT_EQ(ladder.sol.limiter, Limiter::pcie);
  EXPECT_NEAR(ladder.sol.value.value()->value(), 50.0 / 55, 1e-12);
}

TEST(SpeedOfLight, EachPipeInTurnIsNamed) {
  const std::array<std::pair<Id, Limiter>, 6> pipes = {{{Id::dram_util, Limiter::dram},
                                                        {Id::tensor_util, Limiter::tensor},
                                                        {Id::fp64_util, Limiter::fp64},
                                                        {Id::fp32_util, Limiter::fp32},
                                                        {Id::fp16_util, Limiter::fp16},
                                                        {Id::int_util, Limiter::integer}}};
  for (const auto& [id, limiter] : pipes) {
    Sample sample = one_thread();
    put(sample, id, 0.5);
    const SpeedOfLight sol = speed_of_light(sample, {});
    EXPECT_EQ(sol.limiter, limiter) << metric::to_string(id);
    EXPECT_DOUBLE_EQ(sol.value.value()->value(), 0.5) << metric::to_string(id);
  }
}

TEST(SpeedOfLight, NvlinkLimitsByItsBusierDirection) {
  Sample sample = one_thread();
  sample.at_id(Id::nvlink_tx) = Reading<double>::measured(90e9, Source::gpm);
  sample.at_id(Id::nvlink_rx) = Reading<double>::measured(360e9, Source::gpm);
  const SpeedOfLight sol = speed_of_light(sample, {.pcie = {}, .nvlink = BytesPerSecond(450e9)});
  EXPECT_EQ(sol.limiter, Limiter::nvlink);
  EXPECT_DOUBLE_EQ(sol.value.value()->value(), 0.8);
}

TEST(Ladder, BusyIsTheCounterOverTheWindowNotTheDriversOwnPeriod) {
  Sample sample = one_thread();
  put(sample, Id::graphics_util, 0.6);
  sample.at_id(Id::gpu_util_samples) = Reading<double>::measured(0.7, Source::nvml);
  sample.at_id(Id::gpu_util) = Reading<double>::measured(1.0, Source::nvml);
  EXPECT_DOUBLE_EQ(climb(sample, {}).busy.value()->value(), 0.6);
  sample.at_id(Id::graphics_util) = Reading<double>::unknown(Reason::no_gpm);
  EXPECT_DOUBLE_EQ(climb(sample, {}).busy.value()->value(), 0.7);
  // A mean over 20 s says nothing of a window of one second.
  sample.window = Seconds(1);
  sample.at_id(Id::gpu_util_samples) = Reading<double>::measured(0.7, Source::nvml, Seconds(20));
  EXPECT_DOUBLE_EQ(climb(sample, {}).busy.value()->value(), 1.0);
}

TEST(Ladder, StaleDeviceIsStaleNotLost) {
  Sample sample;
  sample.presence = sample::Presence::stale;
  EXPECT_EQ(climb(sample, {}).held.reason(), Reason::timeout);
}

TEST(PcieRate, MatchesTheSpecification) {
  EXPECT_NEAR(pcie_rate(3, 16)->value(), 15.754e9, 1e6);
  EXPECT_NEAR(pcie_rate(5, 16)->value(), 63.015e9, 1e6);
  EXPECT_FALSE(pcie_rate(7, 16));
  EXPECT_FALSE(pcie_rate(5, 0));
}

TEST(Cost, IsTheShareOfThePriceThatIsLost) {
  const Ladder ladder = climb(one_thread(), {});
  const Cost cost = cost_of(ladder.losses, Price{DollarsPerHour(2.0), "--price"});
  EXPECT_NEAR(cost.lost->value(), 2.0 * (1 - 0.00039), 1e-9);
  EXPECT_EQ(cost.source, "--price");
  EXPECT_FALSE(cost_of(ladder.losses, std::nullopt).per_hour);
}

TEST(Cost, UnattributedShareLeavesOnlyALowerBound) {
  Sample sample;
  sample.processes_reason = Reason::none;
  sample.processes = {{.pid = 1}};
  sample.at_id(Id::gpu_util) = Reading<double>::measured(0.25, Source::nvml);
  const Cost cost = cost_of(climb(sample, {}).losses, Price{DollarsPerHour(4.0), "catalog"});
  EXPECT_FALSE(cost.lost);
  EXPECT_NEAR(cost.lost_at_least->value(), 3.0, 1e-12);
}

TEST(Ladder, TimeWithoutTheDeviceIsUnattributed) {
  Sample sample = one_thread();
  sample.window = Seconds(4);
  sample.trouble = "lost in 3 of 4 windows";
  sample.held = Reading<Ratio>::derived(Ratio::fraction(1), Source::nvml, Seconds(1));
  const Ladder ladder = climb(sample, {});
  EXPECT_DOUBLE_EQ(ladder.held.value()->value(), 1.0);
  EXPECT_DOUBLE_EQ(ladder.sm_active.value()->value(), 1.0 / 132);
  EXPECT_NEAR(share_of(ladder.losses, "empty_sms"), 0.25 * (1.0 - 1.0 / 132), 1e-12);
  EXPECT_NEAR(ladder.losses.unattributed.value(), 0.75, 1e-12);
  double sum = ladder.losses.unattributed.value();
  for (const Part& part : ladder.losses.parts) sum += part.share.value()->value();
  EXPECT_NEAR(sum, 1, 1e-12);
  const Cost cost = cost_of(ladder.losses, Price{DollarsPerHour(4), "test"});
  EXPECT_FALSE(cost.lost) << "what was lost meanwhile nobody knows";
}

TEST(Ladder, HeldOfManyWindowsIsTheirsAndNotTheLastList) {
  sample::Sample sample;
  sample.processes_reason = Reason::none;  // gone by the end
  sample.held = Reading<Ratio>::derived(Ratio::fraction(0.9), Source::nvml, Seconds(10));
  EXPECT_DOUBLE_EQ(climb(sample, {}).held.value()->value(), 0.9);
}

}  // namespace
}  // namespace assay::ladder
