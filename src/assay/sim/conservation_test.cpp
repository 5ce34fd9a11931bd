// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "assay/sim/random_scenario.hpp"
#include "assay/sim/world_test.hpp"

namespace assay::sim {
namespace {

constexpr double kRounding = 1 + 1e-9;

void expect_bounded(const Integrals& done, const DeviceFacts& facts, std::int64_t wall) {
  const double sms = facts.capacity.sm_count;
  RC_ASSERT(done.present_ns <= wall);
  RC_ASSERT(done.compute_ns <= done.busy_ns);
  RC_ASSERT(done.busy_ns <= done.present_ns);
  RC_ASSERT(done.memory_ns <= done.present_ns);
  const double most = static_cast<double>(done.compute_ns) * facts.max_sm_clock.value() * 1e-9;
  RC_ASSERT(done.sm_active_cycles <= most * sms * kRounding);
  RC_ASSERT(done.sm_active_cycles <= done.elapsed_cycles * sms * kRounding);
  RC_ASSERT(done.warp_cycles <= done.sm_active_cycles * facts.capacity.warps_per_sm * kRounding);
  RC_ASSERT(done.warp_cycles >= done.sm_active_cycles / kRounding);
  for (const double pipe : done.pipe_cycles) {
    RC_ASSERT(pipe >= 0);
    RC_ASSERT(pipe <= done.sm_active_cycles * kRounding);
  }
  const double dram = done.dram_read_bytes + done.dram_write_bytes;
  RC_ASSERT(dram <=
            facts.capacity.dram_peak.value() * static_cast<double>(wall) * 1e-9 * kRounding);
  RC_ASSERT(done.energy_j >= 60 * static_cast<double>(wall) * 1e-9);
  RC_ASSERT(done.energy_j <= 700 * static_cast<double>(wall) * 1e-9 * kRounding);
}

TEST(Conservation, NoPartIsMoreThanItsWhole) {
  EXPECT_TRUE(rc::check([](std::uint32_t seed) {
    World world = world_of(random_scenario(seed));
    Device& device = world.device(0);
    Integrals before;
    std::int64_t at = 0;
    std::int64_t last = 0;
    for (int i = 0; i < 6; ++i) {
      at += *rc::gen::inRange<std::int64_t>(1000, 60 * kMs);
      device.advance_to(at);
      const Integrals now = device.integrals();
      expect_bounded(now, device.facts(), at);
      expect_bounded(now - before, device.facts(), at - last);
      before = now;
      last = at;
    }
  }));
}

TEST(Conservation, ProcessesAddUpToTheDevice) {
  EXPECT_TRUE(rc::check([](std::uint32_t seed) {
    // Only what has no end can be asked for at the end.
    std::string text = random_scenario(seed);
    for (std::size_t at = text.find("stop_s"); at != std::string::npos; at = text.find("stop_s")) {
      text.erase(at, text.find('\n', at) - at);
    }
    World world = world_of(text);
    world.advance_to(200 * kMs);
    double sm_active = 0;
    std::int64_t compute = 0;
    for (const ProcessState& process : world.device(0).processes()) {
      sm_active += process.done.sm_active_cycles;
      compute += process.done.compute_ns;
    }
    const Integrals done = world.device(0).integrals();
    RC_ASSERT(std::abs(sm_active - done.sm_active_cycles) <= 1e-9 * done.sm_active_cycles + 1);
    RC_ASSERT(compute <= done.compute_ns);  // the rest are context switches
  }));
}

}  // namespace
}  // namespace assay::sim
