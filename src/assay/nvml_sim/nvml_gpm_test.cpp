// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "assay/nvml_sim/fixture_for_tests.hpp"
#include "assay/nvml_sim/gpm_metric.hpp"
#include "assay/nvml_sim/nvml.hpp"

// The requests here are shorter than the struct on purpose, as NVML allows: GCC 12 takes that for
// an overrun once it has inlined it.
#pragma GCC diagnostic ignored "-Warray-bounds"

namespace assay::nvml_sim {
namespace {

constexpr u32 kSm = 2;
constexpr u32 kDram = 10;

// A request for some metrics, in a buffer that is exactly as large as they need.
class Request {
 public:
  explicit Request(const std::vector<u32>& ids)
      : words_((offsetof(abi::GpmMetricsGet, metrics) + ids.size() * sizeof(abi::GpmMetric)) / 8) {
    get()->version = abi::kGpmMetricsGetVersion;
    get()->count = static_cast<u32>(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) get()->metrics[i].id = ids[i];
  }
  abi::GpmMetricsGet* get() { return reinterpret_cast<abi::GpmMetricsGet*>(words_.data()); }

 private:
  std::vector<u64> words_;
};

class Gpm : public testing::Test {
 protected:
  Gpm() {
    EXPECT_EQ(rig.nvml->gpm_sample_alloc(&first), Return::success);
    EXPECT_EQ(rig.nvml->gpm_sample_alloc(&second), Return::success);
  }
  Return sample_at(std::int64_t ms, abi::GpmSampleHandle into) {
    rig.time->set(milliseconds_ns(ms));
    return rig.nvml->gpm_sample_get(rig.device(), into);
  }
  // The code, with the metrics of first..second in the request.
  Return ask(Request& request) {
    request.get()->sample1 = first;
    request.get()->sample2 = second;
    return rig.nvml->gpm_metrics_get(request.get());
  }
  Rig rig = Rig::started({busy_h100(), busy_h100()});
  abi::GpmSampleHandle first = nullptr;
  abi::GpmSampleHandle second = nullptr;
};

TEST_F(Gpm, ShowsTheShareOfSmsWithWork) {
  sim::DevicePlan plan = plan_of("h100-sxm5-80gb");
  add(plan, {.grid = 1});
  rig = Rig::started({std::move(plan)});
  ASSERT_EQ(rig.nvml->gpm_sample_alloc(&first), Return::success);
  ASSERT_EQ(rig.nvml->gpm_sample_alloc(&second), Return::success);
  ASSERT_EQ(sample_at(1000, first), Return::success);
  ASSERT_EQ(sample_at(2000, second), Return::success);
  Request request({1, kSm, 3});
  ASSERT_EQ(ask(request), Return::success);
  EXPECT_NEAR(request.get()->metrics[0].value, 100.0, 0.1);
  EXPECT_NEAR(request.get()->metrics[1].value, 100.0 / 132, 0.001);
  EXPECT_NEAR(request.get()->metrics[2].value, 100.0 / 132 / 64, 0.0001);
  EXPECT_STREQ(request.get()->metrics[1].long_name, "SM_UTIL");
  EXPECT_STREQ(request.get()->metrics[1].unit, "%");
}

TEST_F(Gpm, TwoSamplesOfOneRefreshAreZerosAndANaN) {
  ASSERT_EQ(sample_at(1010, first), Return::success);
  ASSERT_EQ(sample_at(1090, second), Return::success);
  Request request({kSm, kDram});
  ASSERT_EQ(ask(request), Return::success);
  EXPECT_EQ(request.get()->metrics[0].value, 0.0);
  EXPECT_TRUE(std::isnan(request.get()->metrics[1].value));
  EXPECT_EQ(request.get()->metrics[1].result, Return::success);
  ASSERT_EQ(sample_at(1100, second), Return::success);
  ASSERT_EQ(ask(request), Return::success);
  EXPECT_NEAR(request.get()->metrics[0].value, 100.0, 0.1);
}

TEST_F(Gpm, SamplesTheWrongWayRoundAreNoNewData) {
  ASSERT_EQ(sample_at(1000, second), Return::success);
  ASSERT_EQ(sample_at(2000, first), Return::success);
  Request request({kSm, kDram});
  ASSERT_EQ(ask(request), Return::success);
  EXPECT_EQ(request.get()->metrics[0].value, 0.0);
  EXPECT_TRUE(std::isnan(request.get()->metrics[1].value));
}

TEST_F(Gpm, ADriverThatWasLoadedInBetweenIsNoNewData) {
  sim::DevicePlan plan = busy_h100();
  plan.events = {{.at_ns = milliseconds_ns(1500), .kind = sim::EventKind::driver_unload},
                 {.at_ns = milliseconds_ns(1600), .kind = sim::EventKind::driver_load}};
  rig = Rig::started({std::move(plan)});
  ASSERT_EQ(rig.nvml->gpm_sample_alloc(&first), Return::success);
  ASSERT_EQ(rig.nvml->gpm_sample_alloc(&second), Return::success);
  ASSERT_EQ(sample_at(1000, first), Return::success);
  ASSERT_EQ(sample_at(2000, second), Return::success);
  Request request({kSm, kDram});
  ASSERT_EQ(ask(request), Return::success);
  EXPECT_TRUE(std::isnan(request.get()->metrics[1].value));
}

TEST_F(Gpm, KnowsEveryMetricThatADriverKnows) {
  ASSERT_EQ(sample_at(1000, first), Return::success);
  ASSERT_EQ(sample_at(2000, second), Return::success);
  for (u32 id = 0; id < 340; ++id) {
    Request request({id});
    ASSERT_EQ(ask(request), Return::success);
    const bool known = id > 0 && id < abi::kGpmMetricMax;
    EXPECT_EQ(request.get()->metrics[0].result, known ? Return::success : Return::invalid_argument)
        << id;
    EXPECT_TRUE(!known || std::isfinite(request.get()->metrics[0].value)) << id;
  }
}

TEST_F(Gpm, RefusesWhatMakesNoSense) {
  Request request({kSm});
  EXPECT_EQ(ask(request), Return::invalid_argument) << "nothing was sampled";
  ASSERT_EQ(sample_at(1000, first), Return::success);
  EXPECT_EQ(ask(request), Return::invalid_argument) << "one was sampled";
  ASSERT_EQ(sample_at(2000, second), Return::success);
  request.get()->version = 2;
  EXPECT_EQ(ask(request), Return::argument_version_mismatch);
  request.get()->version = abi::kGpmMetricsGetVersion;
  request.get()->count = 0;
  EXPECT_EQ(ask(request), Return::invalid_argument);
  request.get()->count = abi::kGpmMetricMax + 1;
  EXPECT_EQ(ask(request), Return::invalid_argument);
  request.get()->count = 1;
  EXPECT_EQ(ask(request), Return::success);
  ASSERT_EQ(rig.nvml->gpm_sample_get(rig.device(1), second), Return::success);
  EXPECT_EQ(ask(request), Return::invalid_argument) << "samples of two devices";
  EXPECT_EQ(rig.nvml->gpm_sample_free(second), Return::success);
  EXPECT_EQ(ask(request), Return::invalid_argument) << "a sample that was freed";
  EXPECT_EQ(rig.nvml->gpm_sample_free(second), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->gpm_sample_get(rig.device(), second), Return::invalid_argument);
}

TEST_F(Gpm, LinksShareTheTrafficAndAddUp) {
  sim::Shares shares{};
  shares.nvlink_rx = mib_per_second(180);
  double sum = 0;
  for (u32 link = 0; link < 18; ++link) sum += gpm_value(62 + 2 * link, shares, 18);
  EXPECT_NEAR(sum, gpm_value(60, shares, 18), 1e-9);
  EXPECT_EQ(gpm_value(62, shares, 0), 0.0);
}

}  // namespace
}  // namespace assay::nvml_sim
