// SPDX-License-Identifier: Apache-2.0
// Many threads at once, as the probe has two a device. What it shows above all, it shows under the
// thread sanitizer.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "assay/nvml_sim/fixture_for_tests.hpp"
#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {
namespace {

TEST(NvmlThreads, AllSeeTimeAndEnergyOnlyGrow) {
  const Rig rig = Rig::started({busy_h100(), busy_h100()});
  Nvml& nvml = *rig.nvml;
  const auto work = [&](u32 index) {
    const Device device = rig.device(index % 2);
    abi::GpmSampleHandle sample = nullptr;
    EXPECT_EQ(nvml.gpm_sample_alloc(&sample), Return::success);
    u64 before = 0;
    for (int i = 0; i < 400; ++i) {
      rig.time->advance(milliseconds_ns(7));
      u64 energy = 0;
      u32 count = 8;
      abi::ProcessInfo processes[8];
      abi::Utilization utilization{};
      EXPECT_EQ(nvml.init(), Return::success);
      EXPECT_EQ(nvml.energy(device, &energy), Return::success);
      EXPECT_GE(energy, before);
      before = energy;
      EXPECT_EQ(nvml.gpm_sample_get(device, sample), Return::success);
      EXPECT_EQ(nvml.compute_processes(device, &count, processes), Return::success);
      EXPECT_EQ(nvml.utilization(device, &utilization), Return::success);
      EXPECT_EQ(nvml.shutdown(), Return::success);
    }
    EXPECT_EQ(nvml.gpm_sample_free(sample), Return::success);
  };
  std::vector<std::jthread> threads;
  for (u32 i = 0; i < 4; ++i) threads.emplace_back(work, i);
}

TEST(NvmlThreads, FreeingASetEndsTheWaitOnIt) {
  const Rig rig = Rig::started({busy_h100()});
  abi::EventSetHandle set = nullptr;
  ASSERT_EQ(rig.nvml->event_set_create(&set), Return::success);
  ASSERT_EQ(rig.nvml->event_register(rig.device(), abi::kEventXid, set), Return::success);
  std::atomic<bool> waiting{false};
  Return code = Return::success;
  std::jthread waiter([&] {
    abi::EventData event{};
    waiting = true;
    code = rig.nvml->event_wait(set, &event, 4'000'000'000U);
  });
  while (!waiting) std::this_thread::yield();
  EXPECT_EQ(rig.nvml->event_set_free(set), Return::success);
  waiter.join();
  EXPECT_EQ(code, Return::invalid_argument);
}

}  // namespace
}  // namespace assay::nvml_sim
