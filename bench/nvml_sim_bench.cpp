// SPDX-License-Identifier: Apache-2.0
// What the simulated NVML costs: one device's counters up to date, of each scenario, by the
// time since the last call. Goal: at most 20 us a call; 1,024 devices at 1 Hz at most half a core
// and 500 MiB.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "assay/base/check.hpp"
#include "assay/nvml_sim/fixture_for_tests.hpp"
#include "assay/nvml_sim/nvml.hpp"
#include "assay/sim/world.hpp"

namespace {

using namespace assay::nvml_sim;

struct Simulated {
  explicit Simulated(const std::string& name) {
    const auto scenario = assay::sim::embedded_scenario(name);
    CHECK(scenario.ok());
    auto fake = std::make_unique<FakeTime>();
    time = fake.get();
    nvml = std::make_unique<Nvml>(*scenario, std::move(fake));
    CHECK(nvml->init() == Return::success);
    CHECK(nvml->device_count(&devices) == Return::success);
  }
  Device device(u32 index) const {
    Device out = nullptr;
    CHECK(nvml->device_by_index(index, &out) == Return::success);
    return out;
  }
  FakeTime* time = nullptr;
  std::unique_ptr<Nvml> nvml;
  u32 devices = 0;
};

// The first call after `step_ms` milliseconds, which brings a device up to date, each device of the
// scenario in turn, a minute in. worst_us: the mean of the device that costs most.
void first_call(benchmark::State& state, const std::string& scenario) {
  using Clock = std::chrono::steady_clock;
  const Simulated simulated(scenario);
  std::vector<Device> devices;
  for (u32 i = 0; i < simulated.devices; ++i) devices.push_back(simulated.device(i));
  std::vector<std::chrono::nanoseconds> spent(devices.size());
  u64 millijoules = 0;
  simulated.time->set(milliseconds_ns(60'000));
  for (const Device device : devices)
    benchmark::DoNotOptimize(simulated.nvml->energy(device, &millijoules));
  for (auto _ : state) {
    simulated.time->advance(milliseconds_ns(state.range(0)));
    for (std::size_t i = 0; i < devices.size(); ++i) {
      const auto began = Clock::now();
      benchmark::DoNotOptimize(simulated.nvml->energy(devices[i], &millijoules));
      spent[i] += Clock::now() - began;
    }
  }
  const auto worst = static_cast<double>(std::ranges::max(spent).count());
  state.counters["worst_us"] = worst * 1e-3 / static_cast<double>(state.iterations());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(devices.size()));
}

// A device's first second: what repeats is still to be found, as after every boundary (a process
// that starts or stops, an event); foresighted: it was found out beforehand.
void after_a_boundary(benchmark::State& state, const std::string& scenario, bool foresighted) {
  const auto parsed = assay::sim::embedded_scenario(scenario);
  CHECK(parsed.ok());
  const assay::sim::World world = assay::sim::World::make(*parsed);
  for (auto _ : state) {
    state.PauseTiming();
    assay::sim::Device device = world.device(0);
    if (foresighted) device.look_ahead();
    state.ResumeTiming();
    device.advance_to(milliseconds_ns(1000));
    benchmark::DoNotOptimize(device.integrals());
  }
}

// The first two minutes, a call a second and device, changes of load and all: the dearest call, the
// share of calls over 20 us, and what making the driver took. Least of three runs of each call, in
// time of this thread: a busy machine tells nothing of what a call costs.
void from_the_start(benchmark::State& state, const std::string& scenario) {
  const auto cpu_us = [] {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) * 1e-3;
  };
  constexpr std::size_t kSeconds = 120;
  std::vector<double> least;
  double made_us = HUGE_VAL;
  for (auto _ : state) {
    const double began = cpu_us();
    const Simulated simulated(scenario);
    made_us = std::min(made_us, cpu_us() - began);
    std::vector<Device> devices;
    for (u32 i = 0; i < simulated.devices; ++i) devices.push_back(simulated.device(i));
    least.resize(kSeconds * devices.size(), HUGE_VAL);
    for (std::size_t call = 0; call < least.size(); ++call) {
      if (call % devices.size() == 0) simulated.time->advance(milliseconds_ns(1000));
      u64 millijoules = 0;
      const double before = cpu_us();
      benchmark::DoNotOptimize(
          simulated.nvml->energy(devices[call % devices.size()], &millijoules));
      least[call] = std::min(least[call], cpu_us() - before);
    }
  }
  const auto dear = std::ranges::count_if(least, [](double us) { return us > 20; });
  state.counters["worst_us"] = std::ranges::max(least);
  state.counters["over_20us"] = static_cast<double>(dear) / static_cast<double>(least.size());
  state.counters["made_ms"] = made_us * 1e-3;
}

// A call at a time that is known already: what each further call of a round costs.
void further_call(benchmark::State& state) {
  const Simulated simulated("decode");
  const Device device = simulated.device(0);
  simulated.time->set(milliseconds_ns(10'050));
  u32 milliwatts = 0;
  for (auto _ : state) benchmark::DoNotOptimize(simulated.nvml->power(device, &milliwatts));
}

// What the probe asks of a device each second, in one go, over the whole fleet.
void fleet_second(benchmark::State& state, const char* scenario) {
  const Simulated simulated(scenario);
  std::vector<Device> devices;
  std::vector<abi::GpmSampleHandle> samples(std::size_t{2} * simulated.devices);
  for (u32 i = 0; i < simulated.devices; ++i) devices.push_back(simulated.device(i));
  for (abi::GpmSampleHandle& sample : samples)
    CHECK(simulated.nvml->gpm_sample_alloc(&sample) == Return::success);
  auto request = std::make_unique<abi::GpmMetricsGet>();
  for (u32 i = 0; i < 100; ++i) request->metrics[i].id = i + 1;
  std::size_t turn = 0;
  for (auto _ : state) {
    simulated.time->advance(milliseconds_ns(1000));
    for (std::size_t i = 0; i < devices.size(); ++i) {
      u32 number = 0;
      u64 energy = 0;
      abi::Utilization utilization{};
      abi::MemoryV2 memory{.version = abi::kMemoryV2};
      const abi::GpmSampleHandle now = samples[2 * i + turn % 2];
      static_cast<void>(simulated.nvml->gpm_sample_get(devices[i], now));
      request->version = abi::kGpmMetricsGetVersion;
      request->count = 100;
      request->sample1 = samples[2 * i + (turn + 1) % 2];
      request->sample2 = now;
      static_cast<void>(simulated.nvml->gpm_metrics_get(request.get()));
      static_cast<void>(simulated.nvml->utilization(devices[i], &utilization));
      static_cast<void>(simulated.nvml->memory_v2(devices[i], &memory));
      static_cast<void>(simulated.nvml->power(devices[i], &number));
      static_cast<void>(simulated.nvml->energy(devices[i], &energy));
      static_cast<void>(simulated.nvml->temperature(devices[i], 0, &number));
      static_cast<void>(simulated.nvml->clock(devices[i], 1, &number));
    }
    ++turn;
  }
  std::ifstream statm("/proc/self/statm");
  std::int64_t pages = 0;
  statm >> pages >> pages;
  state.counters["MiB"] = static_cast<double>(pages * ::sysconf(_SC_PAGESIZE)) / 1048576.0;
  state.counters["devices"] = static_cast<double>(devices.size());
}

BENCHMARK(further_call);
BENCHMARK_CAPTURE(fleet_second, fleet_8, "fleet-8")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fleet_second, fleet_1024, "fleet-1024")->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  for (const std::string& name : assay::sim::embedded_scenarios()) {
    benchmark::RegisterBenchmark(("first_call/" + name).c_str(), first_call, name)
        ->Arg(100)
        ->Arg(1000)
        ->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark(("from_the_start/" + name).c_str(), from_the_start, name)
        ->Iterations(3)
        ->Unit(benchmark::kMillisecond);
    for (const bool foresighted : {false, true})
      benchmark::RegisterBenchmark(
          ((foresighted ? "after_a_boundary_foresighted/" : "after_a_boundary/") + name).c_str(),
          after_a_boundary, name, foresighted)
          ->Unit(benchmark::kMicrosecond);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
