// SPDX-License-Identifier: Apache-2.0
// The scenario "lab" on a simulated H100, read by the probe in virtual time, beside the recording
// of `assay lab` on a real one. Prints the table of docs/evidence/simulator.md.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "assay/cli/lab_moment.hpp"
#include "assay/probe/nvml/sampler.hpp"
#include "assay/sample/merge.hpp"
#include "assay/store/recording.hpp"
#include "truth/sim_nvml.hpp"

namespace assay::test {
namespace {

using metric::Id;
using Windows = std::vector<sample::Sample>;
using ByKernel = std::map<std::string, sample::Sample>;  // its windows made into one

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::array kKernels = {"one-thread",   "one-block", "half-sms", "all-sms",   "full-spin",
                                 "fp32-fma",     "fp64-fma",  "tensor",   "dram-copy", "dram-read",
                                 "tiny-kernels", "h2d-copy",  "divergent"};

ByKernel merged(const Windows& windows, const std::vector<cli::LabMoment>& moments) {
  ByKernel out;
  for (const cli::LabMoment& moment : moments) {
    const auto inside = cli::windows_inside(windows, moment);
    if (!inside.empty()) out[moment.run.id] = sample::merge(inside);
  }
  return out;
}

ByKernel of_hardware() {
  auto recording = store::Recording::open(ASSAY_LAB_RECORDING);
  CHECK(recording.ok());
  std::vector<cli::LabMoment> moments;
  for (const sample::Event& event : recording->events())
    if (const auto moment = cli::from_event(event)) moments.push_back(*moment);
  Windows windows;
  store::Cursor cursor = recording->cursor();
  for (auto next = cursor.next(); next && *next; next = cursor.next())
    windows.push_back((*next)->devices.at(0).sample);
  return merged(windows, moments);
}

ByKernel of_simulation() {
  const auto scenario = sim::embedded_scenario("lab");
  CHECK(scenario.ok());
  const auto clock = std::make_shared<VirtualClock>(1, 2);
  probe::nvml::SamplerOptions options{.period = Seconds(0.25)};
  options.clock = clock;
  auto sampler = probe::nvml::Sampler::start(
      std::make_shared<SimNvml>(*scenario, clock, nullptr, std::nullopt), options);
  CHECK(sampler.ok());
  std::vector<cli::LabMoment> moments;
  for (const sim::StreamSpec& stream : scenario->devices.at(0).plan->processes.at(0).streams) {
    cli::LabMoment moment;
    moment.run.id = stream.name == "tiny" ? "tiny-kernels" : stream.name;
    moment.from = {clock->wall_ns(stream.start_ns)};
    moment.to = {clock->wall_ns(stream.stop_ns)};
    moments.push_back(moment);
  }
  Windows windows;
  while (clock->now_ns() < 46 * kSecond) windows.push_back((*sampler)->next().devices.at(0).sample);
  clock->release();
  return merged(windows, moments);
}

double value(const sample::Sample& sample, Id id) { return sample.at_id(id).value().value_or(NAN); }

TEST(Lab, TheSimulatedH100ReadsAsTheRealOneDid) {
  const ByKernel hardware = of_hardware();
  const ByKernel simulation = of_simulation();
  fmt::print(
      "| kernel | busy real | sim | SM active real | sim | occupancy real | sim | W real | sim "
      "|\n");
  fmt::print("|---|---|---|---|---|---|---|---|---|\n");
  for (const std::string kernel : kKernels) {
    SCOPED_TRACE(kernel);
    ASSERT_TRUE(hardware.contains(kernel));
    ASSERT_TRUE(simulation.contains(kernel));
    const sample::Sample& real = hardware.at(kernel);
    const sample::Sample& ours = simulation.at(kernel);
    const auto percent = [&](Id id) {
      return std::pair(100 * value(real, id), 100 * value(ours, id));
    };
    // The host of the recording stalled now and then between tiny launches, and of the driver's
    // samples of a fifth of a second a window has the last one only: there the counter tells.
    const bool tiny = kernel == "tiny-kernels";
    const std::pair busy(100 * value(real, tiny ? Id::graphics_util : Id::gpu_util),
                         100 * value(ours, Id::gpu_util));
    const auto sm = percent(Id::sm_active);
    const auto occupancy = percent(Id::sm_occupancy);
    const std::pair power(value(real, Id::power_instant), value(ours, Id::power_instant));
    fmt::print("| {} | {:.1f} | {:.1f} | {:.3f} | {:.3f} | {:.3f} | {:.3f} | {:.0f} | {:.0f} |\n",
               kernel, busy.first, busy.second, sm.first, sm.second, occupancy.first,
               occupancy.second, power.first, power.second);
    EXPECT_NEAR(power.second, power.first, 0.1 * power.first);
    constexpr double kMiB = 1048576;
    EXPECT_NEAR(value(ours, Id::memory_reserved), value(real, Id::memory_reserved), 0.5 * kMiB);
    EXPECT_NEAR(busy.second, busy.first, 1);
    if (kernel == "tensor") continue;  // how long a product's tail is is the library's affair
    EXPECT_NEAR(sm.second, sm.first, 0.1);
    EXPECT_NEAR(occupancy.second, occupancy.first, 0.1);
  }
}

}  // namespace
}  // namespace assay::test
