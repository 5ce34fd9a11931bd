// SPDX-License-Identifier: Apache-2.0
// Laws of the ladder for any readings whatever, NaN, infinities and missing ones included.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

#include "assay/ladder/cost.hpp"
#include "assay/ladder/ladder.hpp"
#include "assay/ladder/rung.hpp"

namespace assay::ladder {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;
using sample::Sample;
using sample::Source;

rc::Gen<double> any_share() {
  return rc::gen::weightedOneOf<double>(
      {{12, rc::gen::map(rc::gen::inRange(0, 1000001), [](int n) { return n / 1e6; })},
       {2, rc::gen::element(0.0, 1.0)},
       {1, rc::gen::element(1.0000001, 2.5, -0.1, -0.0)},
       {1, rc::gen::element(std::numeric_limits<double>::quiet_NaN(),
                            std::numeric_limits<double>::infinity())}});
}

// Of one or of many windows; a reading may be of less of it, or of none.
rc::Gen<Seconds> any_window() {
  return rc::gen::map(rc::gen::element(0.0, 0.1, 0.9, 1.0, 1.1, 15.0, 60.0),
                      [](double s) { return Seconds(s); });
}

rc::Gen<Reading<double>> any_reading() {
  return rc::gen::weightedOneOf<Reading<double>>(
      {{8, rc::gen::apply(
               [](double v, Seconds w) { return Reading<double>::measured(v, Source::gpm, w); },
               any_share(), any_window())},
       {1, rc::gen::map(
               any_share(),
               [](double v) { return Reading<double>::stale(v, Reason::timeout, Source::gpm); })},
       {1, rc::gen::map(any_share(),
                        [](double v) {
                          return Reading<double>::invalid(v, Reason::out_of_range, Source::gpm);
                        })},
       {2, rc::gen::element(Reading<double>::unknown(Reason::no_gpm),
                            Reading<double>::unknown(Reason::not_supported),
                            Reading<double>::unknown(Reason::no_new_data), Reading<double>())}});
}

Sample any_sample() {
  Sample sample;
  for (Id id : {Id::gpu_util, Id::gpu_util_samples, Id::graphics_util, Id::sm_active, Id::dram_util,
                Id::tensor_util, Id::fp64_util, Id::fp32_util, Id::fp16_util, Id::int_util,
                Id::pcie_rx, Id::pcie_tx, Id::nvlink_rx, Id::nvlink_tx})
    sample.at_id(id) = *any_reading();
  if (*rc::gen::arbitrary<bool>()) sample.processes.push_back({.pid = 1});
  sample.processes_reason = *rc::gen::element(Reason::none, Reason::none, Reason::no_permission);
  sample.presence = *rc::gen::element(sample::Presence::ok, sample::Presence::ok,
                                      sample::Presence::ok, sample::Presence::lost);
  sample.window = *any_window();
  if (*rc::gen::arbitrary<bool>()) {  // of many windows made into one, the device in some of them
    sample.held = Rung::derived(Ratio::fraction(*any_share()), Source::nvml, *any_window());
    if (*rc::gen::arbitrary<bool>()) sample.trouble = "lost in 3 of 8 windows";
  }
  return sample;
}

Rung any_useful() {
  if (*rc::gen::arbitrary<bool>()) return Rung::unknown(Reason::no_workload);
  return Rung::derived(Ratio::fraction(*any_share()), Source::computed);
}

TEST(LadderLaws, HoldForAnyReadings) {
  EXPECT_TRUE(rc::check("parts sum to one, rungs descend, unknown has a reason", [] {
    const LinkPeaks peaks{BytesPerSecond(1.0), BytesPerSecond(2.0)};
    const Ladder ladder = climb(any_sample(), peaks, any_useful());

    double sum = ladder.losses.unattributed.value();
    for (const Part& part : ladder.losses.parts) {
      if (!part.share.value()) {
        RC_ASSERT(part.share.reason() != Reason::none);
        continue;
      }
      RC_ASSERT(part.share.value()->value() >= 0.0);
      sum += part.share.value()->value();
    }
    RC_ASSERT(std::abs(sum - 1.0) <= 1e-9);

    const std::array<Rung, 5> rungs = {ladder.held, ladder.busy, ladder.sm_active, ladder.sol.value,
                                       ladder.useful};
    double above = 1.0;
    for (const Rung& rung : rungs) {
      if (!rung.value()) {
        RC_ASSERT(rung.reason() != Reason::none);
        continue;
      }
      RC_ASSERT(rung.value()->value() <= above);
      above = rung.value()->value();
    }
  }));
}

TEST(LadderLaws, MissingInputNeverBecomesZero) {
  EXPECT_TRUE(rc::check("a device that answers nothing has no known rung and no known part", [] {
    Sample sample;
    const Reason reason = *rc::gen::element(Reason::no_gpm, Reason::no_new_data, Reason::timeout,
                                            Reason::not_finite, Reason::driver_error);
    for (auto& reading : sample.readings) reading = Reading<double>::unknown(reason);
    sample.processes_reason = reason;
    const Ladder ladder = climb(sample, {});
    for (const Rung& rung : {ladder.held, ladder.busy, ladder.sm_active, ladder.sol.value}) {
      RC_ASSERT(!rung.value());
      RC_ASSERT(rung.reason() == reason);
    }
    for (const Part& part : ladder.losses.parts) RC_ASSERT(!part.share.value());
    RC_ASSERT(ladder.losses.unattributed.value() == 1.0);
    RC_ASSERT(!cost_of(ladder.losses, Price{DollarsPerHour(3), "test"}).lost_at_least);
  }));
}

TEST(LadderLaws, CostIsConservedToo) {
  EXPECT_TRUE(rc::check("worth of all parts plus the unattributed share is the price", [] {
    const Ladder ladder = climb(any_sample(), {}, any_useful());
    const DollarsPerHour price(4.0);
    double dollars = (ladder.losses.unattributed * price).value();
    for (const Part& part : ladder.losses.parts)
      if (const auto d = worth(part, price)) dollars += d->value();
    RC_ASSERT(std::abs(dollars - price.value()) <= 1e-8);
  }));
}

}  // namespace
}  // namespace assay::ladder
