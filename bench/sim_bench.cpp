// SPDX-License-Identifier: Apache-2.0
// What simulated devices cost. Figures to hold: 20 us for one device's counters, half a core for
// 1,024 devices at 1 Hz.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "assay/sim/world.hpp"

namespace {

using assay::sim::World;

constexpr std::int64_t kSecond = 1'000'000'000;

World warm_world(const std::string& name) {
  World world = World::make(*assay::sim::embedded_scenario(name));
  world.advance_to(60 * kSecond);
  return world;
}

// One device brought up to date and read, 97.3 ms on each time.
void one_device(benchmark::State& state, const std::string& name) {
  World world = warm_world(name);
  assay::sim::Device& device = world.device(0);
  for (auto _ : state) {
    device.advance_to(device.now_ns() + 97'300'000);
    benchmark::DoNotOptimize(device.integrals());
    benchmark::DoNotOptimize(device.moment());
  }
}

// All 1,024 devices, one second on each time: the time is the share of a core at 1 Hz.
void fleet(benchmark::State& state) {
  World world = warm_world("fleet-1024");
  for (auto _ : state) {
    for (assay::sim::Device& device : world.devices()) {
      device.advance_to(device.now_ns() + kSecond);
      benchmark::DoNotOptimize(device.integrals());
      benchmark::DoNotOptimize(device.moment());
    }
  }
}

void jump_of_an_hour(benchmark::State& state, const std::string& name) {
  const World start = World::make(*assay::sim::embedded_scenario(name));
  for (auto _ : state) {
    assay::sim::Device device = start.device(0);
    device.advance_to(3600 * kSecond);
    benchmark::DoNotOptimize(device.integrals());
  }
}

}  // namespace

BENCHMARK_CAPTURE(one_device, one_thread, "one-thread");
BENCHMARK_CAPTURE(one_device, decode, "decode");
BENCHMARK_CAPTURE(one_device, prefill, "prefill");
BENCHMARK_CAPTURE(one_device, two_tenants, "two-tenants");
BENCHMARK_CAPTURE(one_device, input_starved, "input-starved");
BENCHMARK(fleet)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(jump_of_an_hour, decode, "decode")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(jump_of_an_hour, prefill, "prefill")->Unit(benchmark::kMicrosecond);

BENCHMARK_MAIN();
