// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/readings.hpp"

#include <set>

#include <gtest/gtest.h>

#include "assay/probe/nvml/facts.hpp"
#include "assay/probe/nvml/fake_clock.hpp"
#include "assay/probe/nvml/fake_nvml.hpp"

namespace assay::probe::nvml {
namespace {

using metric::Id;
using sample::Reason;
using sample::State;

class ReadingsTest : public testing::Test {
 protected:
  ReadingsTest() { EXPECT_EQ(open_device(line_, 0, ""), Return::success); }
  sample::Sample read(ReadGroup group) {
    Entries entries;
    group(line_, carry_, entries);
    sample::Sample sample;
    entries.write_to(sample);
    return sample;
  }

  FakeNvml nvml_;
  FakeClock clock_;
  InFlight in_flight_;
  Line line_{nvml_, clock_, in_flight_};
  Carry carry_;
};

TEST_F(ReadingsTest, GroupsCoverEachNvmlMetricOnceButThoseOfTheBuffers) {
  std::set<Id> seen;
  const auto collect = [&](ReadGroup group) {
    Entries entries;
    group(line_, carry_, entries);
    for (const Entry& entry : entries.list())
      EXPECT_TRUE(seen.insert(entry.id).second) << metric::to_string(entry.id);
  };
  for (const ReadGroup group : kFastGroups) collect(group);
  for (const ReadGroup group : kSlowGroups) collect(group);
  seen.insert({Id::gpu_util_samples, Id::last_xid});  // watch.cpp
  for (const metric::Def& def : metric::all())
    if (def.source == metric::Source::nvml) {
      EXPECT_TRUE(seen.contains(def.id)) << def.name;
    }
}

TEST_F(ReadingsTest, UnitsAreBaseUnits) {
  EXPECT_EQ(read(read_utilization).get<Id::gpu_util>().value(), Ratio::fraction(1.0));
  EXPECT_EQ(read(read_power).get<Id::power>().value(), Watts(128));
  EXPECT_EQ(read(read_clocks).get<Id::sm_clock>().value(), megahertz(1980));
  EXPECT_EQ(read(read_temperature).get<Id::temperature>().value(), Celsius(39));
  EXPECT_EQ(read(read_fields).get<Id::power_instant>().value(), Watts(127.5));
  EXPECT_EQ(read(read_fields).get<Id::temperature_memory>().value(), Celsius(44));
  EXPECT_EQ(read(read_limits).get<Id::power_limit>().value(), Watts(700));
  EXPECT_EQ(read(read_remapped).get<Id::remapped_rows>().value(), Count(1));
  EXPECT_EQ(read(read_ecc).get<Id::ecc_corrected>().value(), Count(3));
}

TEST_F(ReadingsTest, MemoryUsedIsWhatProcessesHold) {
  const auto sample = read(read_memory);
  const double total = sample.get<Id::memory_total>().value()->value();
  const double reserved = sample.get<Id::memory_reserved>().value()->value();
  const double used = sample.get<Id::memory_used>().value()->value();
  const double free = sample.get<Id::memory_free>().value()->value();
  EXPECT_EQ(used, 542048256);
  EXPECT_EQ(reserved + used + free, total);
}

TEST_F(ReadingsTest, MemoryFallsBackToTheOlderStructAndSaysSo) {
  for (const Return code : {Return::function_not_found, Return::argument_version_mismatch}) {
    nvml_.inject(Call::memory_v2, code);
    const auto sample = read(read_memory);
    EXPECT_EQ(sample.get<Id::memory_used>().state(), State::estimated);
    EXPECT_EQ(sample.get<Id::memory_reserved>().reason(), Reason::not_supported);
    EXPECT_TRUE(sample.get<Id::memory_total>().usable());
  }
}

TEST_F(ReadingsTest, BothStructsRefusedIsUnknown) {
  nvml_.inject(Call::memory_v2, Return::argument_version_mismatch);
  nvml_.inject(Call::memory_v1, Return::argument_version_mismatch);
  const auto used = read(read_memory).get<Id::memory_used>();
  EXPECT_EQ(used.reason(), Reason::version_refused);
  EXPECT_FALSE(used.raw().has_value());
}

TEST_F(ReadingsTest, ADeviceWithoutMemoryIsNotBelieved) {
  nvml_.change(0, [](FakeDevice& d) { d.memory.total = 0; });
  EXPECT_EQ(read(read_memory).get<Id::memory_total>().state(), State::unknown);
}

TEST_F(ReadingsTest, MeanPowerIsEnergyOverTheWindow) {
  EXPECT_EQ(read(read_energy).get<Id::power_mean>().reason(), Reason::first_sample);
  clock_.advance(Seconds(0.5));
  const auto mean = read(read_energy).get<Id::power_mean>();
  EXPECT_EQ(mean.state(), State::derived);
  EXPECT_DOUBLE_EQ(mean.value()->value(), 256.0);  // 128 J in half a second
  EXPECT_DOUBLE_EQ(mean.window().value(), 0.5);
}

TEST_F(ReadingsTest, AnEnergyCounterThatWentBackGivesNoPower) {
  read(read_energy);
  clock_.advance(Seconds(1));
  nvml_.change(0, [](FakeDevice& d) { d.energy_mj = 0; });
  EXPECT_FALSE(read(read_energy).get<Id::power_mean>().raw().has_value());
  clock_.advance(Seconds(1));
  EXPECT_DOUBLE_EQ(read(read_energy).get<Id::power_mean>().value()->value(), 128.0);
}

TEST_F(ReadingsTest, UtilizationOverAHundredIsInvalid) {
  nvml_.change(0, [](FakeDevice& d) { d.utilization.gpu = 101; });
  const auto util = read(read_utilization).get<Id::gpu_util>();
  EXPECT_EQ(util.state(), State::invalid);
  EXPECT_FALSE(util.value().has_value());
}

TEST_F(ReadingsTest, AFieldThatTheDriverDoesNotKnowIsNotSupported) {
  nvml_.inject(Call::field_values, Return::invalid_argument);
  EXPECT_EQ(read(read_fields).get<Id::power_instant>().reason(), Reason::not_supported);
}

TEST_F(ReadingsTest, PassivelyCooledIsNotSupported) {
  EXPECT_EQ(read(read_fan).get<Id::fan_speed>().reason(), Reason::not_supported);
}

TEST_F(ReadingsTest, FactsOfAnH100) {
  const sample::DeviceFacts facts = read_facts(line_, 0);
  EXPECT_EQ(facts.name, "NVIDIA H100 80GB HBM3");
  EXPECT_EQ(facts.driver, "580.159.03");
  EXPECT_EQ(facts.cc_major, 9);
  EXPECT_EQ(facts.sm_count.value(), Count(132));
  EXPECT_EQ(facts.chip, "");
}

TEST_F(ReadingsTest, FactsThatAreMissingAreEmptyOrUnknown) {
  for (const Call call : {Call::name, Call::uuid, Call::pci, Call::compute_capability,
                          Call::core_count, Call::driver_version})
    nvml_.inject(call, Return::unknown);
  const sample::DeviceFacts facts = read_facts(line_, 0);
  EXPECT_EQ(facts.name + facts.uuid + facts.pci + facts.driver, "");
  EXPECT_EQ(facts.cc_major, 0);
  EXPECT_EQ(facts.sm_count.state(), State::unknown);
}

}  // namespace
}  // namespace assay::probe::nvml
