// SPDX-License-Identifier: Apache-2.0
// Each threshold of the rules from both of its sides: a rule that moves one says so here.
#include <gtest/gtest.h>

#include "assay/causes/fixtures_for_test.hpp"

namespace assay::causes {
namespace {

using metric::Id;

// A device whose kernels fill it and keep the tensor cores a bit busy: no rule has an opinion.
Device plain(double busy = 1) {
  Device device;
  device.busy(busy).set(Id::sm_active, 0.9 * busy).set(Id::tensor_util, 0.45 * busy);
  return device;
}

TEST(Threshold, TheStartingPointHasNoCause) { EXPECT_TRUE(plain().findings().empty()); }

TEST(Threshold, IdleIsBelowAHundredth) {
  EXPECT_TRUE(plain(0.0099).finds(Cause::held_idle));
  EXPECT_FALSE(plain(0.0101).finds(Cause::held_idle));
  EXPECT_TRUE(plain(0.0101).finds(Cause::host_bound));
}

TEST(Threshold, HeldForHalfOfTheTime) {
  const auto held = [](double share) {
    Device device = plain(0);
    device.sample.held =
        sample::Reading<Ratio>::derived(Ratio::fraction(share), sample::Source::nvml);
    return device.finds(Cause::held_idle);
  };
  EXPECT_TRUE(held(0.51));
  EXPECT_FALSE(held(0.49));
}

TEST(Threshold, ALinkWorksFromATenthOfItsPeak) {
  EXPECT_TRUE(plain(0).links(0.099, 0).finds(Cause::held_idle));
  EXPECT_FALSE(plain(0).links(0.101, 0).finds(Cause::held_idle));
  EXPECT_FALSE(plain(0.5).links(0.099, 0).finds(Cause::transfer_bound));
  EXPECT_TRUE(plain(0.5).links(0.101, 0).finds(Cause::transfer_bound));
  const auto peers = [](double nvlink) {
    return plain().set(Id::tensor_util, 0).links(0, nvlink).finds(Cause::communication_bound);
  };
  EXPECT_FALSE(peers(0.099));
  EXPECT_TRUE(peers(0.101));
}

TEST(Threshold, AGapIsATenth) {
  EXPECT_TRUE(plain(0.899).finds(Cause::host_bound));
  EXPECT_FALSE(plain(0.901).finds(Cause::host_bound));
  EXPECT_TRUE(plain(0.899).links(0.3, 0).finds(Cause::transfer_bound));
  EXPECT_FALSE(plain(0.901).links(0.3, 0).finds(Cause::transfer_bound));
}

TEST(Threshold, AFullKernelFillsHalfOfTheChip) {
  const auto filled = [](double share) {
    return Device().busy(0.5).set(Id::sm_active, 0.5 * share).first();
  };
  EXPECT_EQ(filled(0.51), Cause::host_bound);
  EXPECT_EQ(filled(0.49), Cause::launch_bound);
}

TEST(Threshold, LessThanOneSmIsLaunching) {
  const auto of_one_sm = [](double share) {
    return Device().busy(1).set(Id::sm_active, share / 132).finds(Cause::launch_bound);
  };
  EXPECT_TRUE(of_one_sm(0.79));
  EXPECT_FALSE(of_one_sm(0.81));
}

TEST(Threshold, SmsAreEmptyBelow85Percent) {
  const auto sm = [](double share, Cause cause) {
    return plain().set(Id::sm_active, share).set(Id::tensor_util, 0).finds(cause);
  };
  EXPECT_TRUE(sm(0.849, Cause::grid_too_small));
  EXPECT_FALSE(sm(0.851, Cause::grid_too_small));
  EXPECT_FALSE(sm(0.499, Cause::tail_wave)) << "so little one wave can leave alone";
  EXPECT_TRUE(sm(0.501, Cause::tail_wave));
}

TEST(Threshold, EmptySmsNeedABusyDevice) {
  const auto busy = [](double share, Cause cause) {
    return Device().busy(share).set(Id::sm_active, 0.6 * share).finds(cause);
  };
  EXPECT_TRUE(busy(0.051, Cause::grid_too_small));
  EXPECT_FALSE(busy(0.049, Cause::grid_too_small));
  EXPECT_TRUE(busy(0.951, Cause::tail_wave));
  EXPECT_FALSE(busy(0.949, Cause::tail_wave));
}

TEST(Threshold, WarpsWaitBelow40PercentOfTheBusiestPart) {
  const auto rate = [](double share) {
    return plain().set(Id::sm_active, 1).set(Id::tensor_util, share).finds(Cause::latency_bound);
  };
  EXPECT_TRUE(rate(0.399));
  EXPECT_FALSE(rate(0.401));
  const auto active = [](double share) {
    return Device().busy(share).set(Id::sm_active, share).set(Id::dram_util, 0.05);
  };
  EXPECT_TRUE(active(0.301).finds(Cause::latency_bound));
  EXPECT_FALSE(active(0.299).finds(Cause::latency_bound));
  EXPECT_TRUE(active(1).set(Id::sm_active, 0.851).finds(Cause::latency_bound));
  EXPECT_FALSE(active(1).set(Id::sm_active, 0.849).finds(Cause::latency_bound));
}

TEST(Threshold, AWaitLoopTouchesNothingAllTheTime) {
  const auto spins = [](double busy, Id id, double share) {
    Device device;
    device.busy(busy).set(Id::sm_active, busy).set(Id::int_util, 0.5).set(id, share);
    return device.finds(Cause::spinning);
  };
  EXPECT_TRUE(spins(0.951, Id::dram_util, 0));
  EXPECT_FALSE(spins(0.949, Id::dram_util, 0));
  for (const Id id :
       {Id::dram_util, Id::tensor_util, Id::fp64_util, Id::fp32_util, Id::fp16_util}) {
    EXPECT_TRUE(spins(1, id, 0.0019));
    EXPECT_FALSE(spins(1, id, 0.0021));
  }
  const auto beside = [](double pcie, double nvlink) {
    return Device()
        .busy(1)
        .set(Id::sm_active, 1)
        .set(Id::int_util, 0.5)
        .links(pcie, nvlink)
        .finds(Cause::spinning);
  };
  EXPECT_TRUE(beside(0.009, 0.009));
  EXPECT_FALSE(beside(0.011, 0));
  EXPECT_FALSE(beside(0, 0.011));
}

TEST(Threshold, MemoryIsShortFrom60Percent) {
  EXPECT_TRUE(plain().set(Id::dram_util, 0.601).finds(Cause::dram_bound));
  EXPECT_FALSE(plain().set(Id::dram_util, 0.599).finds(Cause::dram_bound));
}

TEST(Threshold, VectorPipesAndMatrixUnits) {
  const auto pipes = [](Id id, double vector, double tensor) {
    return plain().set(id, vector).set(Id::tensor_util, tensor).finds(Cause::wrong_pipe);
  };
  for (const Id id : {Id::fp32_util, Id::fp64_util}) {
    EXPECT_TRUE(pipes(id, 0.301, 0));
    EXPECT_FALSE(pipes(id, 0.299, 0));
    EXPECT_TRUE(pipes(id, 0.5, 0.0499));
    EXPECT_FALSE(pipes(id, 0.5, 0.0501));
  }
  const auto filled = [](double sm) {
    return Device().busy(1).set(Id::sm_active, sm).set(Id::fp32_util, 0.5).finds(Cause::wrong_pipe);
  };
  EXPECT_TRUE(filled(0.851));
  EXPECT_FALSE(filled(0.849));
}

TEST(Threshold, AClockIsLowUpTo90Percent) {
  const auto throttled = [](double clock, double busy) {
    return plain(busy)
        .set(Id::sm_clock_max, 2e9)
        .set(Id::sm_clock, clock * 2e9)
        .set(Id::throttle_reasons, 0x4)
        .finds(Cause::throttled);
  };
  EXPECT_TRUE(throttled(0.899, 1));
  EXPECT_FALSE(throttled(0.901, 1));
  EXPECT_TRUE(throttled(0.5, 0.051));
  EXPECT_FALSE(throttled(0.5, 0.049));
}

TEST(Threshold, HealthyFromHalfOfThePeak) {
  EXPECT_TRUE(plain().set(Id::tensor_util, 0.501).finds(Cause::healthy));
  EXPECT_FALSE(plain().set(Id::tensor_util, 0.499).finds(Cause::healthy));
}

// Half of the time idle in pauses of that length, and a launch before each.
Job paused(double microseconds, double waits_a_launch = 0) {
  Job job;
  const double launches = 0.5 / (microseconds * 1e-6);
  job.kernel("k", 264, 1024, static_cast<std::int64_t>(launches), 0.5).busy(0.5);
  job.table.synchronizations = static_cast<std::int64_t>(launches * waits_a_launch);
  job.set(Id::sm_active, 0.45).set(Id::tensor_util, 0.3);
  return job;
}

TEST(Threshold, LaunchingTakesUpTo40Microseconds) {
  EXPECT_EQ(paused(39.8).first().cause, Cause::launch_bound);
  EXPECT_EQ(paused(40.2).first().cause, Cause::host_bound);
}

TEST(Threshold, AHostThatWaitsOftenIsToBlameForMoreThanARoundTrip) {
  EXPECT_EQ(paused(20, 0.49).first().cause, Cause::launch_bound);
  EXPECT_EQ(paused(20, 0.51).first().cause, Cause::host_bound);
  EXPECT_EQ(paused(9.9, 1).first().cause, Cause::launch_bound);
  EXPECT_EQ(paused(10.1, 1).first().cause, Cause::host_bound);
}

TEST(Threshold, AGapOfTheTraceIsATenth) {
  const auto busy = [](double share) {
    Job job;
    job.kernel("k", 264, 1024, 100'000, share).busy(share);
    return job.set(Id::sm_active, 0.8).set(Id::tensor_util, 0.3).finds(Cause::launch_bound);
  };
  EXPECT_TRUE(busy(0.899));
  EXPECT_FALSE(busy(0.901));
  const auto copies = [](double share) {
    Job job;
    job.kernel("k", 264, 1024, 100, 0.5).copies(0.5).busy(0.5 + share);
    return job.finds(Cause::transfer_bound);
  };
  EXPECT_TRUE(copies(0.101));
  EXPECT_FALSE(copies(0.099));
  const auto peers = [](double share) {
    Job job;
    job.kernel("ncclDevKernel_AllReduce", 24, 544, 100, share).kernel("k", 264, 1024, 9, 1 - share);
    return job.finds(Cause::communication_bound);
  };
  EXPECT_TRUE(peers(0.101));
  EXPECT_FALSE(peers(0.099));
}

// Of short kernels launching is to blame for the SMs that they leave empty, too.
TEST(Threshold, AKernelIsShortBelow20Microseconds) {
  const auto share = [](double microseconds) {
    Job job;
    const double launches = 0.5 / (microseconds * 1e-6);
    job.kernel("k", 132, 1024, static_cast<std::int64_t>(launches), 0.5).busy(0.5);
    return job.set(Id::sm_active, 0.2).first().share;
  };
  EXPECT_NEAR(share(19.8), 0.8, 1e-9);
  EXPECT_NEAR(share(20.2), 0.5, 1e-9);
}

// A grid too small of kernels that are over in 2 us is a matter of launching; from 20 us on of the
// grid alone.
TEST(Threshold, AShortKernelsGridIsNotToBlame) {
  const auto confidence = [](double microseconds) {
    Job job;
    job.kernel("k", 33, 1024, static_cast<std::int64_t>(1 / (microseconds * 1e-6)), 1);
    job.set(Id::sm_active, 0.25);
    for (const Finding& finding : job.findings())
      if (finding.cause == Cause::grid_too_small) return finding.confidence;
    return 0.0;
  };
  EXPECT_EQ(confidence(1.9), 0);
  EXPECT_NEAR(confidence(11), 0.97 / 2, 1e-3);
  EXPECT_NEAR(confidence(19), 0.97 * 17 / 18, 1e-3);
  EXPECT_NEAR(confidence(21), 0.97, 1e-9);
}

TEST(Threshold, UnevenBlocksInKernelsFrom20Microseconds) {
  const auto uneven = [](double microseconds, double empty) {
    Job job;
    job.kernel("k", 528, 1024, static_cast<std::int64_t>(1 / (microseconds * 1e-6)), 1);
    return job.set(Id::sm_active, 1 - empty).finds(Cause::tail_wave);
  };
  EXPECT_TRUE(uneven(20.2, 0.5));
  EXPECT_FALSE(uneven(19.8, 0.5));
  EXPECT_TRUE(uneven(100, 0.101));
  EXPECT_FALSE(uneven(100, 0.099));
}

TEST(Threshold, EmptySmsOfTheTraceAreATwentieth) {
  const auto empty = [](double share) {
    Job job;
    job.kernel("k", 66, 1024, 100, 2 * share).kernel("full", 264, 1024, 100, 1 - 2 * share);
    return job.set(Id::sm_active, 0.5).finds(Cause::grid_too_small);
  };
  EXPECT_TRUE(empty(0.0501));
  EXPECT_FALSE(empty(0.0499));
}

TEST(Threshold, ProductsFrom30PercentOfTheKernelsTime) {
  const auto products = [](double share) {
    Job job;
    job.kernel("sgemm", 4096, 128, 100, share).kernel("k", 4096, 128, 100, 1 - share);
    return job.set(Id::sm_active, 0.97).set(Id::fp32_util, 0.7).finds(Cause::wrong_pipe);
  };
  EXPECT_TRUE(products(0.301));
  EXPECT_FALSE(products(0.299));
}

TEST(Threshold, LanesAreShortBelow70PercentWhereInstructionsRun) {
  const auto lanes = [](double share, double issue, double fp32) {
    Job job;
    job.kernel("k", 264, 1024, 100, 1).set(Id::sm_active, 1).set(Id::fp32_util, fp32);
    job.microscope = {.lanes = share, .issue = issue};
    return job.finds(Cause::divergent_lanes);
  };
  EXPECT_TRUE(lanes(0.699, 0.5, 0.05));
  EXPECT_FALSE(lanes(0.701, 0.5, 0.05));
  EXPECT_TRUE(lanes(0.5, 0.301, 0.05));
  EXPECT_FALSE(lanes(0.5, 0.299, 0.05));
  EXPECT_TRUE(lanes(0.5, 0.1, 0.301));
  EXPECT_FALSE(lanes(0.5, 0.1, 0.299));
}

}  // namespace
}  // namespace assay::causes
