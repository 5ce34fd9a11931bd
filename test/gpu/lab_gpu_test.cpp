// SPDX-License-Identifier: Apache-2.0
// The lab on a real device: that kernels take the time they were given, do the work they claim, and
// end by themselves. No figure of a certain chip is expected here.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "assay/lab/driver_cuda.hpp"
#include "assay/lab/lab.hpp"
#include "assay/lab/owned.hpp"
#include "assay/lab/recipe.hpp"
#include "assay/lab/roofs.hpp"

namespace assay::lab {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point from) {
  return std::chrono::duration<double>(Clock::now() - from).count();
}

// CUDA does not survive a fork, so the children of this test are programs of their own and this
// process opens the device only in the tests.
class LabOnDevice : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Lab::open();
    if (!opened && opened.error().code == ErrorCode::nothing_to_measure)
      GTEST_SKIP() << "no accelerator here: " << opened.error().message;
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    lab_ = std::move(*opened);
  }

  std::unique_ptr<Lab> lab_;
};

TEST_F(LabOnDevice, SaysWhichDeviceItIs) {
  const DeviceInfo& info = lab_->info();
  EXPECT_TRUE(info.uuid.starts_with("GPU-") || info.uuid.starts_with("MIG-")) << info.uuid;
  EXPECT_EQ(info.uuid.size(), 40U);
  EXPECT_GT(info.sm_count, 0);
  EXPECT_GT(info.memory, gib(1));
  const auto again = Lab::open(info.uuid);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ((*again)->info().uuid, info.uuid);
  const auto other = Lab::open("GPU-00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(other.error().code, ErrorCode::not_found);
}

TEST_F(LabOnDevice, EachKernelTakesItsTimeAndDoesItsWork) {
  constexpr Seconds kDuration(0.3);
  std::vector<lab::Run> runs;
  for (const KernelInfo& kernel : kernels()) {
    const auto run = lab_->run(kernel.id, kDuration);
    if (!run.ok() && run.error().code == ErrorCode::not_supported) {
      std::printf("%s: %s\n", std::string(kernel.id).c_str(), run.error().message.c_str());
      continue;
    }
    ASSERT_TRUE(run.ok()) << kernel.id << ": " << run.error().message;
    EXPECT_NEAR(run->elapsed.value(), 0.3, 0.03) << kernel.id;
    if (run->sm_clock) {
      EXPECT_GT(run->sm_clock->value(), 1e8) << kernel.id;
      EXPECT_LT(run->sm_clock->value(), 4e9) << kernel.id;
    }
    std::printf(
        "%-13s %.4f s  %10.3f TFLOP/s  %9.1f GB/s DRAM  %7.2f GB/s PCIe  %8ld launches  %s\n",
        run->id.c_str(), run->elapsed.value(), run->flops.value() / run->elapsed.value() * 1e-12,
        run->dram_bytes.value_or(Bytes(0)).value() / run->elapsed.value() * 1e-9,
        run->pcie_bytes.value() / run->elapsed.value() * 1e-9, static_cast<long>(run->launches),
        run->via.c_str());
    runs.push_back(*run);
  }
  const Roofs roofs = roofs_from(lab_->info(), runs);
  ASSERT_TRUE(roofs.fp32 && roofs.fp64 && roofs.dram() && roofs.pcie_h2d);
  EXPECT_GT(*roofs.fp32, teraflops(0.5));
  EXPECT_GT(*roofs.dram(), gigabytes_per_second(20));
  EXPECT_GT(*roofs.pcie_h2d, gigabytes_per_second(0.5));
}

TEST_F(LabOnDevice, OwnTensorKernelServesWithoutCublas) {
  setenv("ASSAY_CUBLAS", "none", 1);
  const auto run = lab_->run("tensor", Seconds(0.3));
  unsetenv("ASSAY_CUBLAS");
  if (!run.ok() && run.error().code == ErrorCode::not_supported)
    GTEST_SKIP() << run.error().message;
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_EQ(run->via, "mma.sync");
  EXPECT_NEAR(run->elapsed.value(), 0.3, 0.03);
  std::printf("tensor        %.3f TFLOP/s via mma.sync\n",
              run->flops.value() / run->elapsed.value() * 1e-12);
}

// The kernel's own deadline ends it: the host does nothing between the launch and the look.
TEST_F(LabOnDevice, AKernelEndsByItselfWhileNobodyWaits) {
  auto driver = Driver::load();
  ASSERT_TRUE(driver.ok());
  auto cuda = DriverCuda::open(*driver, lab_->info().uuid);
  ASSERT_TRUE(cuda.ok()) << cuda.error().message;
  Cuda& device = **cuda;
  for (const Recipe& recipe : recipes()) {
    if (recipe.operands != Operands::none) continue;
    const auto control = Buffer::make(device, sizeof(Control));
    ASSERT_TRUE(control.ok());
    ASSERT_TRUE(device.clear(control->get(), sizeof(Control)).ok());
    const KernelArgs args{.control = control->get(),
                          .duration_ns = 200'000'000,
                          .max_rounds = fuse_rounds(recipe, Seconds(0.2))};
    const int grid = grid_size(recipe.grid, device.info().sm_count);
    ASSERT_TRUE(device.launch(recipe.function, grid, recipe.block, args).ok()) << recipe.id;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const auto looked = Clock::now();
    ASSERT_TRUE(device.synchronize().ok()) << recipe.id;
    EXPECT_LT(since(looked), 0.05) << recipe.id << " was still running";
  }
}

// The second fuse: with the deadline out of reach, the count of rounds ends the kernel.
TEST_F(LabOnDevice, TheSecondFuseEndsAKernelWithoutADeadline) {
  auto driver = Driver::load();
  ASSERT_TRUE(driver.ok());
  auto cuda = DriverCuda::open(*driver, lab_->info().uuid);
  ASSERT_TRUE(cuda.ok()) << cuda.error().message;
  Cuda& device = **cuda;
  const auto control = Buffer::make(device, sizeof(Control));
  ASSERT_TRUE(control.ok());
  for (const Recipe& recipe : recipes()) {
    if (recipe.operands != Operands::none) continue;
    ASSERT_TRUE(device.clear(control->get(), sizeof(Control)).ok());
    const KernelArgs args{.control = control->get(),
                          .duration_ns = 30'000'000'000,
                          .max_rounds = fuse_rounds(recipe, Seconds(0.05))};
    const auto launched = Clock::now();
    ASSERT_TRUE(device
                    .launch(recipe.function, grid_size(recipe.grid, device.info().sm_count),
                            recipe.block, args)
                    .ok());
    ASSERT_TRUE(device.synchronize().ok());
    EXPECT_GT(since(launched), 0.05) << recipe.id << ": the fuse would cut a run short";
    EXPECT_LT(since(launched), 10.0) << recipe.id;
  }
}

// Starts assay-lab-one, kills it once its kernel runs, and finds the device free again.
TEST(LabHost, WhoDiesLeavesNothingSpinning) {
  {
    auto lab = Lab::open();
    if (!lab && lab.error().code == ErrorCode::nothing_to_measure)
      GTEST_SKIP() << "no accelerator here: " << lab.error().message;
    ASSERT_TRUE(lab.ok()) << lab.error().message;
  }
  const auto program =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "assay-lab-one";
  ASSERT_TRUE(std::filesystem::exists(program)) << program << " must lie beside this test";
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    dup2(pipe_ends[1], STDERR_FILENO);
    close(pipe_ends[0]);
    execl(program.c_str(), "assay-lab-one", "full-spin", "5", nullptr);
    _exit(127);
  }
  close(pipe_ends[1]);
  char first = 0;
  ASSERT_EQ(read(pipe_ends[0], &first, 1), 1);
  close(pipe_ends[0]);
  EXPECT_EQ(first, 'r') << "the child did not become ready";
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // compiles, then spins
  ASSERT_EQ(kill(child, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended before it was killed";

  auto lab = Lab::open();
  ASSERT_TRUE(lab.ok()) << lab.error().message;
  ASSERT_TRUE((*lab)->run("one-thread", Seconds(0.01)).ok());
  const auto started = Clock::now();
  const auto run = (*lab)->run("full-spin", Seconds(0.2));
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_LT(since(started), 0.4) << "something else holds the device";
}

}  // namespace
}  // namespace assay::lab
