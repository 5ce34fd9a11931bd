// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "assay/base/check.hpp"
#include "assay/catalog/embedded.hpp"
#include "assay/nvml_sim/nvml.hpp"
#include "assay/nvml_sim/time_source.hpp"
#include "assay/sim/scenario.hpp"

// Small scenarios and a clock that stands still, for the tests, the fuzzer and the benchmark.
namespace assay::nvml_sim {

constexpr std::int64_t milliseconds_ns(std::int64_t n) { return n * 1'000'000; }

// Time that goes on only when it is told to, or when somebody waits.
class FakeTime final : public TimeSource {
 public:
  static constexpr std::int64_t kWallEpochUs = 1'700'000'000'000'000;
  void set(std::int64_t ns) { now_ns_ = ns; }
  void advance(std::int64_t ns) { now_ns_ += ns; }

  std::int64_t now_ns() override { return now_ns_; }
  std::int64_t wall_us(std::int64_t at_ns) override { return kWallEpochUs + at_ns / 1000; }
  void wait_until(std::int64_t at_ns) override {
    now_ns_ = std::max(now_ns_.load(), std::min(at_ns, now_ns_ + milliseconds_ns(20)));
  }

 private:
  std::atomic<std::int64_t> now_ns_{0};
};

// A chip of the catalog with nothing to do.
inline sim::DevicePlan plan_of(const std::string& chip_id) {
  const auto chips = catalog::embedded_by_id(chip_id);
  CHECK(chips.ok() && chips->all().size() == 1);
  sim::DevicePlan plan{.chip = chips->all().front()};
  const auto cc = *plan.chip.compute_capability;
  plan.limits = *catalog::sm_limits(cc.major, cc.minor);
  plan.max_clock = plan.chip.max_clock->value;
  plan.idle_clock = megahertz(345);
  plan.power_limit = plan.chip.tdp->value;
  return plan;
}

// Blocks of one warp a scheduler that do nothing but be there: endless, or of busy_ns each with
// gap_ns between.
struct Work {
  std::int64_t pid = 100;
  std::int64_t grid = 1;
  int threads = 1;
  std::int64_t busy_ns = 0;  // 0: endless
  std::int64_t gap_ns = 0;
  std::int64_t start_ns = 0;
  std::int64_t stop_ns = sim::kNever;
};

inline void add(sim::DevicePlan& plan, const Work& work) {
  sim::KernelSpec kernel{.name = "spin", .grid = work.grid, .shape = {.threads = work.threads}};
  kernel.occupancy = sim::occupancy(kernel.shape, plan.limits);
  kernel.footprint = sim::footprint(kernel.shape, plan.limits);
  kernel.endless = work.busy_ns == 0;
  kernel.block_ns = work.busy_ns;
  sim::OpSpec op{
      .kind = sim::OpSpec::Kind::kernel, .kernel = plan.kernels.size(), .gap_ns = work.gap_ns};
  plan.kernels.push_back(std::move(kernel));
  sim::StreamSpec stream{.name = "s", .ops = {op}};
  plan.processes.push_back({.pid = work.pid,
                            .name = "worker" + std::to_string(work.pid),
                            .memory = mib(1000),
                            .start_ns = work.start_ns,
                            .stop_ns = work.stop_ns,
                            .streams = {stream}});
}

inline sim::Scenario scenario_of(std::vector<sim::DevicePlan> plans) {
  sim::Scenario scenario{.name = "toy"};
  for (sim::DevicePlan& plan : plans) {
    const std::size_t index = scenario.devices.size();
    scenario.devices.push_back(
        {.uuid = "GPU-00000000-0000-0000-0000-00000000000" + std::to_string(index),
         .plan = std::make_shared<const sim::DevicePlan>(std::move(plan)),
         .seed = index + 1});
  }
  return scenario;
}

// An initialized Nvml over them, and its clock.
struct Rig {
  explicit Rig(std::vector<sim::DevicePlan> plans) {
    auto fake = std::make_unique<FakeTime>();
    time = fake.get();
    nvml = std::make_unique<Nvml>(scenario_of(std::move(plans)), std::move(fake));
  }
  // The handle of a device, at the present time.
  Device device(u32 index = 0) const {
    Device out = nullptr;
    CHECK(nvml->device_by_index(index, &out) == Return::success);
    return out;
  }
  // With init() called.
  static Rig started(std::vector<sim::DevicePlan> plans) {
    Rig rig(std::move(plans));
    CHECK(rig.nvml->init() == Return::success);
    return rig;
  }

  FakeTime* time = nullptr;
  std::unique_ptr<Nvml> nvml;
};

// The board that most tests use: an H100 whose 132 SMs hold one block each.
inline sim::DevicePlan busy_h100() {
  sim::DevicePlan plan = plan_of("h100-sxm5-80gb");
  add(plan, {.grid = 132});
  return plan;
}

}  // namespace assay::nvml_sim
