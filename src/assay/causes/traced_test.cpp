// SPDX-License-Identifier: Apache-2.0
#include "assay/causes/traced.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <utility>

#include "assay/causes/fixtures_for_test.hpp"

namespace assay::causes {
namespace {

using metric::Id;
using sample::KernelTable;
using sample::Reading;

TEST(Traced, SharesOfTheSpan) {
  Job job;
  job.kernel("small", 66, 1024, 100, 0.4).kernel("even", 264, 1024, 50, 0.3).copies(0.2).busy(0.9);
  job.table.synchronizations = 15;
  const Traced trace = job.traced();
  EXPECT_NEAR(trace.idle, 0.1, 1e-12);
  EXPECT_NEAR(trace.idle_per_launch.value(), 0.1 / 150, 1e-12);
  EXPECT_NEAR(trace.kernels, 0.7, 1e-12);
  EXPECT_NEAR(trace.waiting_copies, 0.2, 1e-12);
  EXPECT_NEAR(trace.too_small, 0.5 * 0.4, 1e-12);
  EXPECT_EQ(trace.smallest_grid, "small");
  EXPECT_EQ(trace.tails, 0);
  EXPECT_NEAR(trace.syncs_per_launch, 0.1, 1e-12);
}

TEST(Traced, HowLongAKernelWasResident) {
  Job job;
  job.kernel("k", 264, 1024, 50, 0.3).copies(0.4).busy(0.7);
  EXPECT_NEAR(resident_in(job.traced(), Seconds(1)).value(), 0.3, 1e-12) << "copies are none";
  EXPECT_NEAR(resident_in(job.traced(), Seconds(0.5)).value(), 0.15, 1e-12);
  EXPECT_NEAR(resident_in(job.traced(), Seconds(10)).value(), 0.3, 1e-12) << "the span is all";
  job.kernel("beside", 264, 1024, 50, 0.6);
  EXPECT_NEAR(resident_in(job.traced(), Seconds(1)).value(), 0.7, 1e-12) << "some overlap";
}

TEST(Traced, BurstsAreScaledUp) {
  Job job;
  job.kernel("k", 132, 1024, 10, 0.05).busy(0.05);
  job.table.scale = 10;
  const Traced trace = job.traced();
  EXPECT_NEAR(trace.idle, 0.5, 1e-12);
  EXPECT_NEAR(trace.kernels, 0.5, 1e-12);
  EXPECT_NEAR(trace.launches, 100, 1e-12);
  EXPECT_NEAR(trace.mean_kernel.value(), 0.005, 1e-12);
}

TEST(Traced, AnotherDevicesTraceSaysNothing) {
  Job job;
  job.kernel("k", 132, 1024, 10, 1);
  EXPECT_FALSE(traced(job.table, "GPU-2"));
  EXPECT_FALSE(traced(KernelTable{}, kUuid));
  Job nothing;
  EXPECT_FALSE(traced(nothing.table, kUuid));
}

TEST(Traced, NamesOfProductsAndCollectives) {
  for (const auto* name : {"sm80_xmma_gemm_f32f32", "_Z12matmul_tiledPf", "nvjet_sm90_tst_256x128",
                           "sm90_xmma_fprop_implicit_gemm", "Cijk_GEMM"})
    EXPECT_TRUE(is_product(name)) << name;
  EXPECT_FALSE(is_product("_Z6bodiesP6float4PKS_i"));
  EXPECT_TRUE(is_collective("_Z36ncclDevKernel_AllReduce_Sum_f32_RING_LLv"));
  EXPECT_FALSE(is_collective("accelerate"));
}

TEST(TracedCauses, ShortPausesAreLaunches) {
  Job job;
  job.kernel("tiny", 1, 256, 100'000, 0.2).busy(0.2).set(Id::sm_active, 0.0015);
  EXPECT_EQ(job.first().cause, Cause::launch_bound);
  EXPECT_TRUE(job.first().or_else.empty()) << "the trace tells it from host-bound";
  EXPECT_EQ(job.first().kernel, "tiny");
  EXPECT_NEAR(*job.first().counterfactual.speedup_max, 5, 1e-9) << "kernels stay as they are";
  job.table.synchronizations = 100'000;  // but here each result is waited for, 8 us
  EXPECT_EQ(job.first().cause, Cause::launch_bound);
  job.table.rows[0].launches = 20'000;
  job.table.synchronizations = 20'000;  // 40 us, half of the time under the threshold
  EXPECT_EQ(job.first().cause, Cause::host_bound);
}

// A decode step as a graph of 288 kernels of 5 us: 2 us between them while each is traced, most of
// it CUPTI's.
TEST(TracedCauses, WhatTracingANodeTakesIsNoPauseOfTheJobs) {
  Job job;
  job.kernel("matmul", 128, 384, 140'000, 0.71).busy(0.71).set(Id::sm_active, 0.7);
  job.set(Id::dram_util, 0.4);
  EXPECT_EQ(job.first().cause, Cause::launch_bound);
  EXPECT_EQ(remedies_of(job.first()).front(), info(Cause::launch_bound).remedies.front());
  job.table.rows[0].signature.in_graph = true;
  EXPECT_NEAR(job.traced().tracing, 0.196, 1e-9);
  EXPECT_NEAR(job.traced().idle, 0.29 - 0.196, 1e-9);
  EXPECT_FALSE(job.finds(Cause::launch_bound));
  // 0.35 s remain: that it is launching still stands, but the graph is there.
  job.busy(0.45).set(Id::sm_active, 0.44);
  ASSERT_EQ(job.first().cause, Cause::launch_bound);
  EXPECT_EQ(remedies_of(job.first()).front(), info(Cause::launch_bound).remedies[1]);
  EXPECT_NEAR(*job.first().counterfactual.speedup_max, 1 / (1 - (0.55 - 0.196)), 1e-9);
}

TEST(TracedCauses, LongPausesAreTheHosts) {
  Job job;
  job.kernel("full", 264, 1024, 1000, 0.4).busy(0.4).set(Id::sm_active, 0.4);
  EXPECT_EQ(job.first().cause, Cause::host_bound);
  EXPECT_FALSE(job.finds(Cause::launch_bound));
}

TEST(TracedCauses, CountersThatSeeNoGapOutweighTheTrace) {
  Job job;
  job.kernel("full", 264, 1024, 1000, 0.7).busy(0.7);
  job.set(Id::graphics_util, 1).set(Id::sm_active, 0.99).set(Id::tensor_util, 0.9);
  EXPECT_EQ(job.first().cause, Cause::healthy);
}

TEST(TracedCauses, CopiesWithoutKernelsAreTransfers) {
  Job job;
  job.kernel("k", 264, 1024, 100, 0.2).copies(0.7).busy(0.9).set(Id::sm_active, 0.2);
  EXPECT_EQ(job.first().cause, Cause::transfer_bound);
  EXPECT_NEAR(job.first().share, 0.7, 1e-12);
  job.table.rows[0].total = Seconds(0.9);  // now they overlap
  EXPECT_FALSE(job.finds(Cause::transfer_bound));
}

TEST(TracedCauses, GridsAndTailsAreToldApart) {
  Job grid;
  grid.kernel("small", 66, 1024, 100, 1).set(Id::sm_active, 0.5);
  EXPECT_EQ(grid.first().cause, Cause::grid_too_small);
  EXPECT_TRUE(grid.first().or_else.empty());
  Job tail;
  tail.kernel("over", 265, 1024, 100, 1).set(Id::sm_active, 0.51);
  EXPECT_EQ(tail.first().cause, Cause::tail_wave);
  EXPECT_EQ(tail.first().kernel, "over");
  EXPECT_FALSE(tail.finds(Cause::grid_too_small));
  Job uneven;  // whole waves
  uneven.kernel("uneven", 528, 1024, 100, 1).set(Id::sm_active, 0.5);
  EXPECT_EQ(uneven.first().cause, Cause::tail_wave);
  Job full;
  full.kernel("even", 528, 1024, 100, 1).set(Id::sm_active, 0.99).set(Id::fp32_util, 0.9);
  EXPECT_FALSE(full.finds(Cause::tail_wave));
}

TEST(TracedCauses, AFilledDeviceHasNoGridTooSmall) {
  Job job;  // four such kernels at once, on streams of their own
  job.kernel("small", 33, 1024, 100, 3.9).set(Id::sm_active, 0.98).set(Id::fp32_util, 0.9);
  EXPECT_FALSE(job.finds(Cause::grid_too_small));
}

TEST(TracedCauses, OnAnOldGpuTheTraceAloneNamesTheGrid) {
  Job job;
  job.kernel("small", 12, 1024, 100, 1);
  for (const metric::Def& def : metric::all())
    if (def.id != Id::gpu_util)
      job.sample.at_id(def.id) = Reading<double>::unknown(sample::Reason::no_gpm);
  job.set(Id::gpu_util, 1);
  EXPECT_EQ(job.first().cause, Cause::grid_too_small);
  EXPECT_LT(job.first().confidence, 0.9);
}

TEST(TracedCauses, CollectivesAloneOnTheDevice) {
  Job job;
  job.kernel("ncclDevKernel_AllReduce", 24, 544, 100, 0.6).kernel("gemm", 264, 1024, 100, 0.4);
  job.set(Id::sm_active, 0.5).set(Id::dram_util, 0.1);
  EXPECT_EQ(job.first().cause, Cause::communication_bound);
  EXPECT_FALSE(job.finds(Cause::grid_too_small)) << "few blocks are NCCL's design";
  EXPECT_EQ(job.traced().too_small, 0);
  job.table.rows[1].total = Seconds(1);  // all of them beside the product
  EXPECT_FALSE(job.finds(Cause::communication_bound));
}

TEST(TracedCauses, NamesDecideWhetherAPipeIsWrong) {
  Job job;
  job.kernel("sm80_xmma_gemm_f32f32", 4096, 128, 100, 1);
  job.set(Id::sm_active, 0.97).set(Id::fp32_util, 0.76);
  EXPECT_EQ(job.first().cause, Cause::wrong_pipe);
  EXPECT_TRUE(job.first().or_else.empty());
  job.table.rows[0].signature.name = "bodies";
  EXPECT_FALSE(job.finds(Cause::wrong_pipe));
  EXPECT_EQ(job.first().cause, Cause::healthy);
  EXPECT_EQ(job.first().or_else, std::vector{Cause::divergent_lanes});
  const auto by_counters = job.findings(false);
  EXPECT_EQ(by_counters.front().cause, Cause::wrong_pipe);
  EXPECT_FALSE(by_counters.front().or_else.empty());
}

TEST(TracedCauses, TheMicroscopeSeesLanes) {
  Job job;
  job.kernel("walk", 264, 1024, 100, 1).set(Id::sm_active, 1).set(Id::fp32_util, 0.8);
  job.microscope = {.lanes = 0.25, .issue = 0.9};
  EXPECT_EQ(job.first().cause, Cause::divergent_lanes);
  EXPECT_NEAR(*job.first().counterfactual.speedup_max, 4, 1e-9);
  job.microscope.lanes = 0.98;
  EXPECT_EQ(job.first().cause, Cause::healthy);
  EXPECT_TRUE(job.first().or_else.empty());
  job.set(Id::fp32_util, 0.05).microscope = {.lanes = 0.2, .issue = 0.05};
  EXPECT_EQ(job.first().cause, Cause::latency_bound) << "few instructions: lanes are not short";
}

using TickShares = std::initializer_list<std::pair<sample::Channel, float>>;

void add_tick(sample::TickSums& sums, const TickShares& shares) {
  sample::Tick tick;
  tick.end_ns = 100;
  tick.share.fill(std::numeric_limits<float>::quiet_NaN());
  for (const auto& [channel, share] : shares) tick.share[static_cast<std::size_t>(channel)] = share;
  sums.add(tick);
}

// What a rich set measures, of kernels of fp32.
void add_busy_tick(sample::TickSums& sums, float active, float rate, float on) {
  using enum sample::Channel;
  add_tick(sums, {{graphics, 1.0F},
                  {sm_active, active},
                  {dram, 0.0F},
                  {tensor, 0.0F},
                  {fp64, 0.0F},
                  {fma, rate},
                  {alu, 0.1F},
                  {issue, rate},
                  {lanes, on},
                  {occupancy, 0.9F}});
}

TEST(TimelineCauses, TheMicroscopeByItself) {
  sample::TickSums divergent;
  for (int i = 0; i < 10; ++i) add_busy_tick(divergent, 1, 0.8F, 0.25F);
  ASSERT_FALSE(diagnose(divergent).empty());
  EXPECT_EQ(diagnose(divergent).front().cause, Cause::divergent_lanes);
  sample::TickSums half;
  for (int i = 0; i < 10; ++i) add_busy_tick(half, 0.4F, 0.4F, 1);
  ASSERT_FALSE(diagnose(half).empty());
  EXPECT_EQ(diagnose(half).front().cause, Cause::grid_too_small);
  EXPECT_TRUE(diagnose(sample::TickSums{}).empty());
}

TEST(Magnified, WeighsTicksByInstructions) {
  using enum sample::Channel;
  sample::TickSums sums;
  add_tick(sums, {{sm_active, 1.0F}, {issue, 0.6F}, {lanes, 0.25F}});
  add_tick(sums, {{sm_active, 1.0F}, {issue, 0.2F}, {lanes, 1.0F}});
  // Nothing ran: what it says of lanes means nothing.
  add_tick(sums, {{sm_active, 0.0F}, {issue, 0.0F}, {lanes, 1.0F}});
  const Magnified seen = magnified(sums);
  EXPECT_NEAR(*seen.lanes, (0.6 * 0.25 + 0.2 * 1) / 0.8, 1e-6);
  EXPECT_NEAR(*seen.issue, 0.4, 1e-6);
  EXPECT_FALSE(magnified(sample::TickSums{}).lanes);
}

}  // namespace
}  // namespace assay::causes
