// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/late.hpp"

#include <gtest/gtest.h>

namespace assay::probe::nvml {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;
using sample::Sample;
using sample::Source;
using sample::State;

TEST(MakeStale, KeepsValuesForTheEyeOnly) {
  Sample last;
  last.set<Id::power>(Reading<Watts>::measured(Watts(300), Source::nvml));
  last.set<Id::sm_active>(Reading<Ratio>::unknown(Reason::no_gpm, Source::gpm));
  last.processes.push_back({});
  last.processes[0].memory = Reading<Bytes>::measured(Bytes(7), Source::nvml);
  const Sample out = make_stale(last, {5}, Seconds(1), "it hangs");
  EXPECT_EQ(out.presence, sample::Presence::stale);
  EXPECT_EQ(out.trouble, "it hangs");
  EXPECT_EQ(out.at.unix_ns, 5);
  const auto power = out.get<Id::power>();
  EXPECT_EQ(power.state(), State::stale);
  EXPECT_EQ(power.reason(), Reason::timeout);
  EXPECT_EQ(power.raw(), Watts(300));
  EXPECT_FALSE(power.value().has_value());
  EXPECT_EQ(out.get<Id::sm_active>().reason(), Reason::no_gpm);
  EXPECT_EQ(out.processes.at(0).memory.state(), State::stale);
  EXPECT_EQ(out.processes_reason, Reason::timeout);
}

TEST(NeverAnswered, HasNoValueAnywhere) {
  const Sample out = never_answered({5}, Seconds(1), "it hangs");
  for (const auto& reading : out.readings) {
    EXPECT_EQ(reading.state(), State::unknown);
    EXPECT_EQ(reading.reason(), Reason::timeout);
    EXPECT_FALSE(reading.raw().has_value());
  }
}

}  // namespace
}  // namespace assay::probe::nvml
