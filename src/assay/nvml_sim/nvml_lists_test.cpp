// SPDX-License-Identifier: Apache-2.0
// The calls that fill a list: processes, their time, the driver's samples.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "assay/nvml_sim/fixture_for_tests.hpp"
#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {
namespace {

// Two processes that both always have work: the chip gives each its slice of the time.
Rig two_tenants() {
  sim::DevicePlan plan = plan_of("h100-sxm5-80gb");
  add(plan, {.pid = 11, .grid = 66});
  add(plan, {.pid = 22, .grid = 66});
  return Rig::started({std::move(plan)});
}

TEST(NvmlLists, ProcessListsOfEachVersionHaveTheirOwnEntries) {
  const Rig rig = two_tenants();
  std::array<abi::ProcessInfoV1, 3> v1{};
  std::array<abi::ProcessInfo, 3> v3{};
  u32 count = 3;
  ASSERT_EQ(rig.nvml->compute_processes_v1(rig.device(), &count, v1.data()), Return::success);
  ASSERT_EQ(count, 2U);
  EXPECT_EQ(v1[1].pid, 22U);
  EXPECT_GE(v1[1].used_memory, u64{1000} << 20U);
  count = 3;
  ASSERT_EQ(rig.nvml->compute_processes(rig.device(), &count, v3.data()), Return::success);
  EXPECT_EQ(v3[1].pid, 22U);
  EXPECT_EQ(v3[1].gpu_instance, 0xffff'ffffU);
  EXPECT_EQ(v3[2].pid, 0U);
}

TEST(NvmlLists, ATooSmallListSaysHowMuchItNeedsAndIsLeftAlone) {
  const Rig rig = two_tenants();
  std::array<abi::ProcessInfo, 1> one{};
  u32 count = 0;
  EXPECT_EQ(rig.nvml->compute_processes(rig.device(), &count, nullptr), Return::insufficient_size);
  EXPECT_EQ(count, 2U);
  count = 1;
  EXPECT_EQ(rig.nvml->compute_processes(rig.device(), &count, one.data()),
            Return::insufficient_size);
  EXPECT_EQ(one[0].pid, 0U);
  count = 2;
  EXPECT_EQ(rig.nvml->compute_processes(rig.device(), &count, nullptr), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->compute_processes(rig.device(), nullptr, one.data()),
            Return::invalid_argument);
  count = 7;
  EXPECT_EQ(rig.nvml->no_processes(rig.device(), &count, nullptr), Return::success);
  EXPECT_EQ(count, 0U);
}

TEST(NvmlLists, DetailsNeedTheirVersion) {
  const Rig rig = two_tenants();
  std::array<abi::ProcessDetail, 2> entries{};
  abi::ProcessDetailList list{abi::version_tag(sizeof list, 1), 0, 2, entries.data()};
  EXPECT_EQ(rig.nvml->process_details(rig.device(), &list), Return::success);
  EXPECT_EQ(entries[0].pid, 11U);
  list.version = abi::version_tag(sizeof list, 9);
  EXPECT_EQ(rig.nvml->process_details(rig.device(), &list), Return::argument_version_mismatch);
}

TEST(NvmlLists, ProcessesShareTheTimeAndNotTheSms) {
  const Rig rig = two_tenants();
  rig.time->set(milliseconds_ns(5000));
  std::array<abi::ProcessUtilization, 4> use{};
  u32 count = 4;
  ASSERT_EQ(rig.nvml->process_utilization(rig.device(), use.data(), &count, 0), Return::success);
  ASSERT_EQ(count, 2U);
  // The rest goes by between the slices (measured on an H100: 2 x 47 %).
  EXPECT_NEAR(use[0].sm, 47, 3);
  EXPECT_NEAR(use[1].sm, 47, 3);
  EXPECT_EQ(use[0].timestamp_us, u64{FakeTime::kWallEpochUs + 5'000'000});
  const u64 seen = use[0].timestamp_us;
  count = 4;
  EXPECT_EQ(rig.nvml->process_utilization(rig.device(), use.data(), &count, seen),
            Return::not_found);
  EXPECT_EQ(count, 4U);
  count = 1;
  EXPECT_EQ(rig.nvml->process_utilization(rig.device(), use.data(), &count, 0),
            Return::insufficient_size);
  EXPECT_EQ(count, 2U);
  std::array<abi::ProcessUtilizationInfo, 2> info{};
  abi::ProcessesUtilization list{abi::version_tag(sizeof list, 1), 2, 0, info.data()};
  EXPECT_EQ(rig.nvml->processes_utilization(rig.device(), &list), Return::success);
  EXPECT_EQ(info[1].pid, 22U);
}

TEST(NvmlLists, SamplesAreThoseSinceTheLastSeen) {
  const Rig rig = two_tenants();
  rig.time->set(milliseconds_ns(60'050));
  u32 type = 99;
  u32 count = 0;
  ASSERT_EQ(rig.nvml->samples(rig.device(), abi::kSampleGpu, 0, &type, &count, nullptr),
            Return::success);
  EXPECT_EQ(count, kSampleDepth);
  EXPECT_EQ(type, static_cast<u32>(abi::ValueType::u32));
  std::vector<abi::UtilizationSample> samples(count);
  ASSERT_EQ(rig.nvml->samples(rig.device(), abi::kSampleGpu, 0, &type, &count, samples.data()),
            Return::success);
  ASSERT_EQ(count, kSampleDepth);
  EXPECT_EQ(samples[1].timestamp_us - samples[0].timestamp_us, 200'000U);
  EXPECT_EQ(samples.back().timestamp_us, u64{FakeTime::kWallEpochUs + 60'000'000});
  EXPECT_EQ(samples.back().value.as_u32, 100U);
  const u64 seen = samples[kSampleDepth - 3].timestamp_us;
  ASSERT_EQ(rig.nvml->samples(rig.device(), abi::kSampleGpu, seen, &type, &count, samples.data()),
            Return::success);
  EXPECT_EQ(count, 2U);
  count = 1;
  ASSERT_EQ(rig.nvml->samples(rig.device(), abi::kSampleGpu, seen, &type, &count, samples.data()),
            Return::success);
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(samples[0].timestamp_us, seen + 200'000);
  EXPECT_EQ(
      rig.nvml->samples(rig.device(), abi::kSampleGpu, ~u64{0}, &type, &count, samples.data()),
      Return::not_found);
  EXPECT_EQ(rig.nvml->samples(rig.device(), 10, 0, &type, &count, samples.data()),
            Return::invalid_argument);
}

}  // namespace
}  // namespace assay::nvml_sim
