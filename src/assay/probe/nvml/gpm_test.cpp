// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/gpm.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "assay/probe/nvml/facts.hpp"
#include "assay/probe/nvml/fake_clock.hpp"
#include "assay/probe/nvml/fake_nvml.hpp"

namespace assay::probe::nvml {
namespace {

using metric::Id;
using sample::Reason;
using sample::State;

class GpmTest : public testing::Test {
 protected:
  GpmTest() { EXPECT_EQ(open_device(line_, 0, ""), Return::success); }
  ~GpmTest() override {
    reader_.release(line_);
    EXPECT_EQ(nvml_.live_handles(), 0);
  }

  sample::Sample read(int cc_major = 9) {
    Entries entries;
    reader_.read(line_, cc_major, entries);
    EXPECT_EQ(entries.list().size(), gpm_rows().size());
    sample::Sample sample;
    entries.write_to(sample);
    return sample;
  }
  sample::Sample next_window() {
    clock_.advance(Seconds(1));
    return read();
  }
  // What the device does not offer may say so as soon as that is known.
  void expect_all(const sample::Sample& sample, Reason reason) {
    EXPECT_EQ(sample.get<Id::sm_active>().reason(), reason);
    for (const GpmRow& row : gpm_rows()) {
      if (sample.at_id(row.metric).reason() == Reason::not_supported && !is_offered(row.id))
        continue;
      const auto& r = sample.at_id(row.metric);
      EXPECT_EQ(r.state(), State::unknown) << metric::to_string(row.metric);
      EXPECT_EQ(r.reason(), reason) << metric::to_string(row.metric);
    }
  }

  bool is_offered(std::uint32_t id) {
    bool offered = false;
    nvml_.change(0, [&](const FakeDevice& d) { offered = d.gpm_values.contains(id); });
    return offered;
  }

  FakeNvml nvml_;
  FakeClock clock_;
  InFlight in_flight_;
  Line line_{nvml_, clock_, in_flight_};
  GpmReader reader_;
};

TEST_F(GpmTest, NeedsTwoSamples) { expect_all(read(), Reason::first_sample); }

TEST_F(GpmTest, GivesTheWindowBetweenThem) {
  read();
  clock_.advance(Seconds(0.75));
  const auto sample = read();
  const auto sm = sample.get<Id::sm_active>();
  EXPECT_DOUBLE_EQ(sm.value()->value(), 1.0 / 132);
  EXPECT_DOUBLE_EQ(sm.window().value(), 0.75);
  EXPECT_DOUBLE_EQ(sample.get<Id::pcie_tx>().value()->value(), 0.5 * 1048576);
}

TEST_F(GpmTest, ReadsEveryMetricOffered) {
  nvml_.change(0, [](FakeDevice& d) {
    for (const GpmRow& row : gpm_rows()) d.gpm_values[row.id] = 50.0;
  });
  read();
  for (int round = 0; round < 2; ++round) {
    const auto sample = next_window();
    for (const GpmRow& row : gpm_rows()) {
      if (round > 0 && row.metric == Id::graphics_util) continue;  // asked for now and then only
      EXPECT_EQ(sample.at_id(row.metric).state(), State::measured) << metric::to_string(row.metric);
    }
  }
}

TEST_F(GpmTest, FindsOutWhatIsOfferedWhileTheFirstWindowRuns) {
  read();
  const int discovering = nvml_.calls(Call::gpm_metrics_get);
  EXPECT_GT(discovering, 0);
  EXPECT_TRUE(next_window().get<Id::sm_active>().usable());
  EXPECT_EQ(nvml_.calls(Call::gpm_metrics_get), discovering + 1);
}

TEST_F(GpmTest, AsksForTheDearMetricNowAndThenOnly) {
  read();
  EXPECT_TRUE(next_window().get<Id::graphics_util>().usable());
  const auto second = next_window();
  EXPECT_EQ(second.get<Id::graphics_util>().reason(), Reason::not_read);
  EXPECT_TRUE(second.get<Id::sm_active>().usable());
  int asked = 0;
  for (int i = 0; i < 120; ++i) asked += next_window().get<Id::graphics_util>().usable() ? 1 : 0;
  EXPECT_GE(asked, 3);
  EXPECT_LE(asked, 5);
}

TEST_F(GpmTest, AsksOnlyForWhatIsOffered) {
  read();
  next_window();
  const int discovering = nvml_.calls(Call::gpm_metrics_get);
  const auto sample = next_window();
  EXPECT_EQ(nvml_.calls(Call::gpm_metrics_get), discovering + 1);
  EXPECT_EQ(sample.get<Id::c2c_data_rx>().reason(), Reason::not_supported);
  EXPECT_TRUE(sample.get<Id::sm_active>().usable());
}

TEST_F(GpmTest, SameRefreshIsNoNewDataForAll) {
  read();
  next_window();
  nvml_.change(0, [](FakeDevice& d) { d.gpm_frozen = true; });
  auto sample = next_window();
  EXPECT_EQ(sample.get<Id::sm_active>().reason(), Reason::no_new_data);
  EXPECT_EQ(sample.get<Id::sm_active>().state(), State::unknown);
  EXPECT_EQ(sample.get<Id::dram_util>().reason(), Reason::no_new_data);
  EXPECT_EQ(sample.get<Id::c2c_data_rx>().reason(), Reason::not_supported);
  nvml_.change(0, [](FakeDevice& d) { d.gpm_frozen = false; });
  EXPECT_TRUE(next_window().get<Id::sm_active>().usable());
}

TEST_F(GpmTest, NeverSamplesCloserThanARefresh) {
  read();
  const int taken = nvml_.calls(Call::gpm_sample_get);
  clock_.advance(Seconds(0.099));
  expect_all(read(), Reason::no_new_data);
  EXPECT_EQ(nvml_.calls(Call::gpm_sample_get), taken);
  clock_.advance(Seconds(0.002));  // the pair is now 101 ms apart, from the first sample
  const auto sample = read();
  EXPECT_NEAR(sample.get<Id::sm_active>().window().value(), 0.101, 1e-9);
}

TEST_F(GpmTest, OneNanIsThatMetricsAlone) {
  nvml_.change(0, [](FakeDevice& d) { d.gpm_values[10] = std::nan(""); });
  read();
  const auto sample = next_window();
  EXPECT_EQ(sample.get<Id::dram_util>().reason(), Reason::not_finite);
  EXPECT_FALSE(sample.get<Id::dram_util>().raw().has_value());
  EXPECT_TRUE(sample.get<Id::sm_active>().usable());
}

TEST_F(GpmTest, OverAHundredPercentIsFlagged) {
  nvml_.change(0, [](FakeDevice& d) { d.gpm_values[12] = 180.0; });
  read();
  EXPECT_EQ(next_window().get<Id::fp32_util>().state(), State::invalid);
}

TEST_F(GpmTest, OldChipHasNoGpm) {
  nvml_.change(0, [](FakeDevice& d) { d.gpm = false; });
  expect_all(read(), Reason::no_gpm);
  EXPECT_EQ(nvml_.calls(Call::gpm_sample_get), 0);
  read();
  EXPECT_EQ(nvml_.calls(Call::gpm_support), 1);  // asked once
}

TEST_F(GpmTest, OldDriverOnANewChipIsNotTheChipsFault) {
  nvml_.inject(Call::gpm_support, Return::function_not_found);
  expect_all(read(9), Reason::not_supported);
  expect_all(read(7), Reason::no_gpm);
}

TEST_F(GpmTest, MigDeviceAnswersNotSupported) {
  nvml_.inject(Call::gpm_sample_get, Return::not_supported);
  expect_all(read(), Reason::not_supported);
}

TEST_F(GpmTest, AFailedWindowIsMadeUpByALongerOne) {
  read();
  next_window();
  nvml_.inject(Call::gpm_sample_get, Return::unknown);
  EXPECT_EQ(next_window().get<Id::sm_active>().reason(), Reason::driver_error);
  nvml_.inject(Call::gpm_sample_get, Return::success);
  EXPECT_DOUBLE_EQ(next_window().get<Id::sm_active>().window().value(), 2.0);
}

// A driver whose table ends at id 97 refuses a call that holds a later id.
class OldTable : public FakeNvml {
 public:
  Return gpm_metrics_get(abi::GpmSampleHandle a, abi::GpmSampleHandle b,
                         std::span<abi::GpmMetric> metrics) override {
    for (const abi::GpmMetric& metric : metrics)
      if (metric.id > 97) return Return::invalid_argument;
    return FakeNvml::gpm_metrics_get(a, b, metrics);
  }
};

TEST(Gpm, AnOlderDriversTableCostsOnlyTheMetricsBeyondIt) {
  OldTable nvml;
  FakeClock clock;
  InFlight in_flight;
  Line line(nvml, clock, in_flight);
  GpmReader reader;
  ASSERT_EQ(open_device(line, 0, ""), Return::success);
  for (int window = 0; window < 3; ++window) {
    Entries entries;
    reader.read(line, 9, entries);
    sample::Sample sample;
    entries.write_to(sample);
    if (window == 0) {
      clock.advance(Seconds(1));
      continue;
    }
    EXPECT_TRUE(sample.get<Id::sm_active>().usable());
    EXPECT_EQ(sample.get<Id::c2c_total_tx>().reason(), Reason::not_supported);
    clock.advance(Seconds(1));
  }
  reader.release(line);
}

}  // namespace
}  // namespace assay::probe::nvml
