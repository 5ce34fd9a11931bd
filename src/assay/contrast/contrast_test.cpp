// SPDX-License-Identifier: Apache-2.0
#include "assay/contrast/contrast.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "assay/appraise/fixture_for_tests.hpp"
#include "assay/contrast/student.hpp"

namespace assay::contrast {
namespace {

using metric::Id;
using sample::Reading;
using sample::Source;

TEST(Student, KnowsTheTablesAndItsOwnInverse) {
  EXPECT_NEAR(two_sided(12.706204736, 1), 0.05, 1e-9);
  EXPECT_NEAR(two_sided(2.2281388520, 10), 0.05, 1e-9);
  EXPECT_NEAR(two_sided(1.0, 1), 0.5, 1e-12);
  EXPECT_NEAR(two_sided(1.959963985, 1e9), 0.05, 1e-7);
  EXPECT_EQ(two_sided(std::numeric_limits<double>::infinity(), 3), 0);
  for (const double freedom : {1.0, 2.5, 7.0, 40.0, 1e4})
    for (const double p : {0.9, 0.3, 0.01, 1e-4})
      EXPECT_NEAR(two_sided(quantile(p, freedom), freedom), p, 1e-9 + 1e-6 * p);
}

Series autoregressive(std::mt19937_64& random, std::size_t n, double phi, double mean,
                      double spread) {
  std::normal_distribution<double> normal(0, spread * std::sqrt(1 - phi * phi));
  std::normal_distribution<double> stationary(0, spread);
  Series series;
  double x = stationary(random);
  for (std::size_t i = 0; i < n; ++i) {
    series.add(mean + x, 1);
    x = phi * x + normal(random);
  }
  return series;
}

TEST(Estimate, KnowsHowMuchNeighboursAreAlike) {
  std::mt19937_64 random(1);
  const auto independent = estimate(autoregressive(random, 4000, 0, 5, 1));
  EXPECT_NEAR(independent->mean, 5, 0.1);
  EXPECT_NEAR(independent->standard_error, 1 / std::sqrt(4000.0), 0.004);
  // An AR(1) of phi has n (1 - phi) / (1 + phi) independent windows' worth.
  const auto alike = estimate(autoregressive(random, 4000, 0.9, 5, 1));
  EXPECT_NEAR(alike->standard_error, std::sqrt(19.0 / 4000), 0.03);
  EXPECT_LT(alike->effective, 500);
  EXPECT_GT(alike->effective, 100);
}

TEST(Estimate, OfFewOrConstantWindows) {
  EXPECT_FALSE(estimate({}));
  Series one;
  one.add(3, 1);
  EXPECT_EQ(estimate(one)->effective, 1);
  Series same;
  for (int i = 0; i < 20; ++i) same.add(0.5, 1);
  EXPECT_EQ(estimate(same)->standard_error, 0);
  EXPECT_EQ(estimate(same)->effective, 20);
}

TEST(Estimate, LongWindowsWeighMore) {
  Series series;
  series.add(1, 9);
  series.add(0, 1);
  EXPECT_NEAR(estimate(series)->mean, 0.9, 1e-12);
}

// Of equal runs at most kError may look changed, however alike neighbouring windows are and however
// few.
TEST(Estimate, EqualSeriesDifferAsOftenAsIsSaid) {
  std::mt19937_64 random(2);
  int differ = 0;
  int pairs = 0;
  for (const double phi : {0.0, 0.3, 0.6, 0.9, 0.97})
    for (const std::size_t n : {12U, 20U, 60U, 300U})
      for (int i = 0; i < 200; ++i) {
        const auto a = *estimate(autoregressive(random, n, phi, 0, 1));
        const auto b = *estimate(autoregressive(random, n, phi, 0, 1));
        ++pairs;
        if (a.effective < kLeastEffective || b.effective < kLeastEffective) continue;
        const double error = std::hypot(a.standard_error, b.standard_error);
        const double freedom = std::min(a.effective, b.effective) - 1;
        differ += two_sided((a.mean - b.mean) / error, freedom) < kError ? 1 : 0;
      }
  EXPECT_LE(differ, 0.012 * pairs);
}

// A run of one device at a level, with noise whose neighbours are alike, fed through the ladder.
Run simulated(std::mt19937_64& random, double level, double spread, double phi, int windows) {
  const Series noise = autoregressive(random, static_cast<std::size_t>(windows), phi, 0, spread);
  RunGatherer gatherer;
  for (int i = 0; i < windows; ++i) {
    sample::DeviceSample device = appraise::one_thread_device();
    const double x = std::clamp(level + noise.value[static_cast<std::size_t>(i)], 0.0, 0.98);
    const auto set = [&](Id id, double share) {
      device.sample.at_id(id) = Reading<double>::measured(share, Source::gpm, Seconds(1));
    };
    set(Id::graphics_util, 0.99);
    set(Id::sm_active, x);
    set(Id::dram_util, 0.8 * x);
    device.sample.at_id(Id::power) = Reading<double>::measured(200 + 300 * x, Source::nvml);
    appraise::AppraisedSnapshot snapshot;
    snapshot.devices.push_back(appraise::appraise(std::move(device), appraise::priced_board()));
    gatherer.add(snapshot);
  }
  return gatherer.run();
}

std::vector<std::string_view> claims(const std::vector<Change>& changes) {
  std::vector<std::string_view> out;
  for (const Change& change : changes)
    if (change.claim == Claim::less || change.claim == Claim::more)
      out.push_back(quantities()[change.quantity].id);
  return out;
}

TEST(Contrast, EqualRunsShowNoChange) {
  int shown = 0;
  int pairs = 0;
  for (const double phi : {0.0, 0.5, 0.9})
    for (const int windows : {20, 60, 300})
      for (int seed = 0; seed < 20; ++seed) {
        std::mt19937_64 random(static_cast<std::uint64_t>(seed * 1000 + windows) +
                               (phi > 0.7 ? 7 : 0));
        const auto a = simulated(random, 0.5, 0.08, phi, windows);
        const auto b = simulated(random, 0.5, 0.08, phi, windows);
        shown += claims(contrast(a, b)).empty() ? 0 : 1;
        ++pairs;
      }
  // kError of the pairs; with 180 of them a binomial rarely exceeds 7.
  EXPECT_LE(shown, 7) << "of " << pairs;
}

// Twenty-eight quantities, each with noise of its own: one of them would look changed in every
// fourth pair, were each judged as if it were alone.
TEST(Contrast, ManyQuantitiesTogetherClaimNoMoreThanOne) {
  std::mt19937_64 random(77);
  const auto noise = [&random] {
    contrast::Run run;
    for (const Quantity& quantity : quantities())
      run.series.push_back(autoregressive(random, 80, 0.2, 0.5, 20 * quantity.least));
    return run;
  };
  int shown = 0;
  for (int pair = 0; pair < 200; ++pair)
    shown += claims(contrast(noise(), noise())).empty() ? 0 : 1;
  EXPECT_LE(shown, 6);
}

TEST(Contrast, AKnownChangeIsFoundAndNamed) {
  for (int seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    const auto a = simulated(random, 0.7, 0.04, 0.5, 120);
    const auto b = simulated(random, 0.5, 0.04, 0.5, 120);
    const auto found = claims(contrast(a, b));
    EXPECT_THAT(found, testing::IsSupersetOf({"sm_active", "sol", "empty_sms", "power", "lost"}));
    EXPECT_THAT(found, testing::Not(testing::Contains("held")));
    EXPECT_THAT(found, testing::Not(testing::Contains("busy")));
    for (const Change& change : contrast(a, b))
      EXPECT_TRUE(quantities()[change.quantity].id != "sm_active" || change.claim == Claim::less);
  }
}

TEST(Contrast, SaysNothingOnTooFewWindowsOrTooLittle) {
  std::mt19937_64 random(9);
  const auto a = simulated(random, 0.7, 0.01, 0, 3);
  const auto b = simulated(random, 0.2, 0.01, 0, 3);
  for (const Change& change : contrast(a, b)) EXPECT_EQ(change.claim, Claim::unknown);
  const auto c = simulated(random, 0.700, 0, 0, 50);
  const auto d = simulated(random, 0.702, 0, 0, 50);
  EXPECT_TRUE(claims(contrast(c, d)).empty()) << "0.2 points, however certain";
}

TEST(Contrast, MarginsAreOfAllQuantitiesTogether) {
  int missed = 0;
  for (int seed = 0; seed < 60; ++seed) {
    std::mt19937_64 random(static_cast<std::uint64_t>(seed) + 500);
    const auto a = simulated(random, 0.6, 0.05, 0.6, 100);
    const auto b = simulated(random, 0.4, 0.05, 0.6, 100);
    for (const Change& change : contrast(a, b))
      if (quantities()[change.quantity].id == "sm_active")
        missed += std::abs(change.change + 0.2) > change.margin ? 1 : 0;
  }
  EXPECT_LE(missed, 3);
}

std::size_t place_of(std::string_view id) {
  return static_cast<std::size_t>(std::ranges::find(quantities(), id, &Quantity::id) -
                                  quantities().begin());
}

// SM active as given; none: the device has no such counter.
appraise::AppraisedSnapshot seen(std::optional<double> sm_active) {
  sample::DeviceSample device = appraise::one_thread_device();
  device.sample.at_id(Id::sm_active) =
      sm_active ? Reading<double>::measured(*sm_active, Source::gpm, Seconds(1))
                : Reading<double>::unknown(sample::Reason::not_supported, Source::gpm);
  if (!sm_active)
    for (const Id id : {Id::dram_util, Id::tensor_util, Id::fp64_util, Id::fp32_util, Id::fp16_util,
                        Id::int_util})
      device.sample.at_id(id) =
          Reading<double>::unknown(sample::Reason::not_supported, Source::gpm);
  appraise::AppraisedSnapshot out;
  out.devices.push_back(appraise::appraise(std::move(device), appraise::priced_board()));
  return out;
}

appraise::AppraisedSnapshot unseen(sample::Presence presence) {
  appraise::AppraisedSnapshot out;
  out.devices.push_back(
      appraise::appraise(appraise::gone_device(presence), appraise::priced_board()));
  return out;
}

Run partly_lost(std::optional<double> sm_active, bool lost_first) {
  RunGatherer gatherer;
  for (int i = 0; i < 10; ++i)
    gatherer.add((i < 4) == lost_first ? unseen(sample::Presence::lost) : seen(sm_active));
  return gatherer.run();
}

TEST(RunGatherer, AWindowWithoutTheDeviceIsUnattributedAndCountsForTheRest) {
  for (const bool first : {true, false}) {
    const contrast::Run run = partly_lost(0.5, first);
    const double lost = first ? 0.4 : 0.6;
    const auto mean = [&](std::string_view id) { return estimate(run.series[place_of(id)])->mean; };
    EXPECT_NEAR(mean("unattributed"), lost, 1e-9);
    EXPECT_NEAR(mean("empty_sms"), 0.5 * (1 - lost), 1e-6);
    EXPECT_NEAR(mean("sm_active"), 0.5, 1e-9) << "of a rung such a window tells nothing";
    EXPECT_LE(mean("lost"), 2.5 * (1 - lost) + 1e-9);
    EXPECT_EQ(run.device_lost, first ? 4U : 6U);
    EXPECT_EQ(run.windows, 10U);
    EXPECT_TRUE(run.money_at_least);
  }
}

TEST(RunGatherer, WhatIsNeverKnownStaysUnknownWhereADeviceIsLost) {
  const contrast::Run run = partly_lost(std::nullopt, true);
  EXPECT_TRUE(run.series[place_of("empty_sms")].value.empty());
  EXPECT_TRUE(run.series[place_of("overwork")].value.empty());
}

TEST(RunGatherer, ADeviceThatGivesNoAnswerIsNotLost) {
  RunGatherer gatherer;
  gatherer.add(seen(0.5));
  EXPECT_FALSE(gatherer.run().money_at_least);
  gatherer.add(unseen(sample::Presence::stale));
  EXPECT_EQ(gatherer.run().device_lost, 0U);
  EXPECT_EQ(gatherer.run().device_unanswered, 1U);
  EXPECT_TRUE(gatherer.run().money_at_least);
}

TEST(Contrast, MakesNoClaimOfMoneyThatIsOnlyALowerBound) {
  std::mt19937_64 random(5);
  contrast::Run low = simulated(random, 0.9, 0.02, 0, 200);
  const contrast::Run high = simulated(random, 0.1, 0.02, 0, 200);
  const auto claim = [](const std::vector<Change>& changes) {
    return std::ranges::find(changes, place_of("lost"), &Change::quantity)->claim;
  };
  EXPECT_EQ(claim(contrast(low, high)), Claim::more);
  low.money_at_least = true;
  EXPECT_EQ(claim(contrast(low, high)), Claim::unknown);
  EXPECT_EQ(claim(contrast(high, low)), Claim::unknown);
}

}  // namespace
}  // namespace assay::contrast
