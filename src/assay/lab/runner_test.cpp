// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "assay/lab/fake_cuda_test.hpp"
#include "assay/lab/kernel.hpp"
#include "assay/lab/lab.hpp"

namespace assay::lab {
namespace {

using testing::HasSubstr;

const Error kLost{ErrorCode::device_lost, "fake: device lost"};

TEST(Runner, EveryKernelRunsAndGivesEverythingBack) {
  for (const KernelInfo& kernel : kernels()) {
    FakeCuda cuda;
    const Seconds start = cuda.now();
    const auto run = run_kernel(cuda, kernel.id, Seconds(2));
    ASSERT_TRUE(run.ok()) << kernel.id << ": " << run.error().message;
    EXPECT_EQ(run->id, kernel.id);
    EXPECT_NEAR(run->elapsed.value(), 2.0, 0.05) << kernel.id;
    EXPECT_GE(run->ended - run->elapsed, start) << kernel.id;
    EXPECT_LE(run->ended, cuda.now()) << kernel.id;
    EXPECT_GE(run->launches, 1);
    EXPECT_FALSE(run->via.empty());
    EXPECT_EQ(cuda.live(), 0U) << kernel.id;
    EXPECT_EQ(cuda.threads_bound, 1);
  }
}

TEST(Runner, EveryLaunchCarriesADeadlineAndASecondFuse) {
  for (const KernelInfo& kernel : kernels()) {
    FakeCuda cuda;
    cuda.has_cublas = false;
    ASSERT_TRUE(run_kernel(cuda, kernel.id, Seconds(2)).ok());
    for (const auto& launch : cuda.launches) {
      EXPECT_NE(launch.args.control, 0U) << kernel.id;
      EXPECT_LE(launch.args.duration_ns, 5'000'000'000U) << kernel.id;
      EXPECT_GT(launch.args.max_rounds, 0U) << kernel.id;
      EXPECT_LT(launch.args.max_rounds, 1U << 30) << kernel.id;
    }
  }
}

TEST(Runner, ASpinIsOneLaunchOfTheAskedDuration) {
  FakeCuda cuda;
  const auto run = run_kernel(cuda, "one-thread", Seconds(2));
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(run->grid, 1);
  EXPECT_EQ(run->block, 1);
  EXPECT_EQ(run->flops, Flops(0));
  ASSERT_EQ(cuda.launches.size(), 2U);  // one of no length loads the code
  EXPECT_EQ(cuda.launches[0].args.duration_ns, 0U);
  EXPECT_EQ(cuda.launches[1].args.duration_ns, 2'000'000'000U);
}

TEST(Runner, GeometryFollowsTheDevice) {
  const auto geometry = [](std::string_view id) {
    FakeCuda cuda;
    const auto run = run_kernel(cuda, id, Seconds(0.1));
    return std::pair(run->grid.value_or(-1), run->block.value_or(-1));
  };
  EXPECT_EQ(geometry("one-block"), std::pair(1L, 1024L));
  EXPECT_EQ(geometry("half-sms"), std::pair(66L, 1L));
  EXPECT_EQ(geometry("all-sms"), std::pair(132L, 1L));
  EXPECT_EQ(geometry("full-spin"), std::pair(264L, 1024L));
  EXPECT_EQ(geometry("tensor"), std::pair(-1L, -1L));  // cuBLAS chooses
}

TEST(Runner, RatesComeFromWhatTheKernelCounted) {
  FakeCuda cuda;
  cuda.work = 500;
  const auto fma = run_kernel(cuda, "fp32-fma", Seconds(1));
  EXPECT_DOUBLE_EQ(fma->flops.value(), 500.0 * 32 * 4096 * 2);
  EXPECT_DOUBLE_EQ(fma->sm_clock->value(), 1.98e9);
  const auto copy = run_kernel(cuda, "dram-copy", Seconds(1));
  EXPECT_DOUBLE_EQ(copy->dram_bytes->value(), 500.0 * 2 * 512 * 1024);
  const auto read = run_kernel(cuda, "dram-read", Seconds(1));
  EXPECT_DOUBLE_EQ(read->dram_bytes->value(), 500.0 * 512 * 1024);
  const auto h2d = run_kernel(cuda, "h2d-copy", Seconds(1));
  EXPECT_DOUBLE_EQ(h2d->pcie_bytes.value(), static_cast<double>(h2d->launches) * (64 << 20));
}

TEST(Runner, AKernelThatDidNothingIsAnErrorNotARoofOfZero) {
  FakeCuda cuda;
  cuda.work = 0;
  EXPECT_FALSE(run_kernel(cuda, "fp32-fma", Seconds(1)).ok());
  EXPECT_TRUE(run_kernel(cuda, "one-thread", Seconds(1)).ok());  // has no work to count
}

TEST(Runner, QueuesStayShort) {
  for (const auto& [id, most] : {std::pair<std::string_view, std::size_t>{"tensor", kQueuedLarge},
                                 {"h2d-copy", kQueuedLarge},
                                 {"tiny-kernels", kTinyBatch * kTinyBatches}}) {
    FakeCuda cuda;
    ASSERT_TRUE(run_kernel(cuda, id, Seconds(1)).ok());
    EXPECT_LE(cuda.deepest_queue, most) << id;
    EXPECT_GE(cuda.deepest_queue, most / 2) << id << ": the device would wait for the host";
  }
}

TEST(Runner, TensorSaysWhoServed) {
  FakeCuda with;
  EXPECT_EQ(run_kernel(with, "tensor", Seconds(1))->via, "cublas 13.0.2");
  EXPECT_GT(with.products, 100);
  FakeCuda without;
  without.has_cublas = false;
  const auto own = run_kernel(without, "tensor", Seconds(1));
  EXPECT_EQ(own->via, "mma.sync");
  EXPECT_EQ(own->id, "tensor");
  EXPECT_EQ(without.launches.back().function, Function::mma);
}

TEST(Runner, ABrokenCublasIsReportedNotReplaced) {
  FakeCuda cuda;
  cuda.fail("open_gemm", 0, kLost);
  EXPECT_EQ(run_kernel(cuda, "tensor", Seconds(1)).error(), kLost);
}

TEST(Runner, TensorBeforeAmpereIsUnknownWithAReason) {
  FakeCuda cuda;
  cuda.device.cc_major = 7;
  cuda.device.cc_minor = 5;
  const auto run = run_kernel(cuda, "tensor", Seconds(1));
  EXPECT_EQ(run.error().code, ErrorCode::not_supported);
  EXPECT_THAT(run.error().message, HasSubstr("7.5"));
}

TEST(Runner, StreamsTakeAThirdAtMostAndOutrunL2) {
  FakeCuda cuda;
  cuda.free_bytes = 3ULL << 30;
  ASSERT_TRUE(run_kernel(cuda, "dram-copy", Seconds(1)).ok());
  const auto& launch = cuda.launches.back();
  const std::uint64_t bytes = launch.args.n * 16;
  EXPECT_LE(2 * bytes, 1ULL << 30);
  EXPECT_GE(bytes, 4ULL * (50 << 20));
  EXPECT_EQ(bytes % (264 * kChunkBytes), 0U) << "blocks would share chunks through L2";
  EXPECT_NE(launch.args.a, launch.args.b);
}

TEST(Runner, TooLittleMemorySaysHowMuchIsNeeded) {
  FakeCuda cuda;
  cuda.free_bytes = 100ULL << 20;
  for (const std::string_view id : {"dram-read", "dram-copy", "tensor"}) {
    const auto run = run_kernel(cuda, id, Seconds(1));
    EXPECT_EQ(run.error().code, ErrorCode::not_supported) << id;
    EXPECT_THAT(run.error().message, testing::ContainsRegex("needs [0-9]+ MiB .* (99|100) MiB are"))
        << id;
  }
}

TEST(Runner, RefusesWhatIsNoKernelOrNoDuration) {
  FakeCuda cuda;
  EXPECT_THAT(run_kernel(cuda, "two-threads", Seconds(1)).error().message, HasSubstr("one-thread"));
  EXPECT_EQ(run_kernel(cuda, "tensor-mma", Seconds(1)).error().code, ErrorCode::invalid_argument);
  for (const double wrong : {0.0, -1.0, 61.0, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_EQ(run_kernel(cuda, "one-thread", Seconds(wrong)).error().code,
              ErrorCode::invalid_argument);
  EXPECT_TRUE(cuda.launches.empty());
}

// Every call of every kernel fails once, at its first, second, third and fourth use: the error
// comes out as it is, and nothing stays allocated or is freed under running work.
TEST(Runner, AnErrorAtAnyCallComesOutAndNothingLeaks) {
  for (const KernelInfo& kernel : kernels()) {
    for (const char* call : {"bind_thread", "free_memory", "allocate", "allocate_pinned", "clear",
                             "copy_in", "copy_out", "launch", "synchronize", "create_event",
                             "record", "wait", "between", "open_gemm", "enqueue"}) {
      for (int nth = 0; nth < 4; ++nth) {
        FakeCuda cuda;
        cuda.fail(call, nth, kLost);
        const auto run = run_kernel(cuda, kernel.id, Seconds(0.01));
        if (!run.ok()) {
          EXPECT_EQ(run.error(), kLost) << kernel.id << " " << call << " " << nth;
        }
        EXPECT_EQ(cuda.live(), 0U) << kernel.id << " " << call << " " << nth;
      }
    }
  }
}

TEST(Runner, AnErrorMidLoopEndsTheRun) {
  FakeCuda cuda;
  cuda.fail("enqueue", 50, kLost);
  EXPECT_EQ(run_kernel(cuda, "tensor", Seconds(1)).error(), kLost);
  EXPECT_EQ(cuda.products, 50);
}

TEST(Lab, RunsOnTheDeviceItWasGiven) {
  Lab lab(std::make_unique<FakeCuda>());
  EXPECT_EQ(lab.info().name, "Fake GPU");
  EXPECT_EQ(lab.run("divergent", Seconds(0.5))->block, 1024);
}

}  // namespace
}  // namespace assay::lab
