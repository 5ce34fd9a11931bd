// SPDX-License-Identifier: Apache-2.0
// On a real device: what each NVML call costs here, which GPM metrics the driver offers with its
// own unit texts, and what the sampler costs at 1 Hz. Prints tables; fails where a budget is
// broken.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ctime>
#include <functional>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "assay/probe/nvml/codes.hpp"
#include "assay/probe/nvml/dl_nvml.hpp"
#include "assay/probe/nvml/gpm_table.hpp"
#include "assay/probe/nvml/sampler.hpp"

namespace assay::probe::nvml {
namespace {

using SteadyTime = std::chrono::steady_clock;

double microseconds_since(SteadyTime::time_point began) {
  return std::chrono::duration<double, std::micro>(SteadyTime::now() - began).count();
}

// The device and its driver; null where there is none.
struct Host {
  std::shared_ptr<DlNvml> nvml;
  Device device = nullptr;
};

Host open_host() {
  Host host;
  auto opened = DlNvml::open();
  if (!opened || (*opened)->init() != Return::success) return host;
  if ((*opened)->device_by_index(0, host.device) == Return::success) host.nvml = *opened;
  return host;
}

void print_cost(Call call, const std::function<Return()>& run) {
  std::vector<double> times;
  Return code = Return::success;
  for (int i = 0; i < 51; ++i) {
    const auto began = SteadyTime::now();
    code = run();
    times.push_back(microseconds_since(began));
  }
  const double first = times.front();
  std::ranges::sort(times);
  fmt::print("{:<44} code {:3}  first {:9.1f} us  median {:9.1f} us  max {:9.1f} us\n",
             to_string(call), static_cast<unsigned>(code), first, times[25], times.back());
}

TEST(NvmlOnADevice, CostOfEachCall) {
  const Host host = open_host();
  if (!host.nvml) GTEST_SKIP() << "no accelerator here";
  Nvml& n = *host.nvml;
  const Device d = host.device;
  unsigned u = 0;
  std::uint64_t u64 = 0;
  std::string text;
  abi::Utilization util{};
  abi::MemoryV2 memory{};
  memory.version = abi::kMemoryV2;
  std::vector<abi::ProcessInfo> processes(64);
  std::vector<abi::ProcessUtilization> shares(128);
  std::vector<abi::UtilizationSample> samples(256);
  std::vector<abi::FieldValue> fields(2);
  fields[0].field = abi::kFieldPowerInstant;
  fields[1].field = abi::kFieldMemoryTemp;
  RemappedRows rows;
  print_cost(Call::name, [&] { return n.name(d, text); });
  print_cost(Call::utilization, [&] { return n.utilization(d, util); });
  print_cost(Call::memory_v2, [&] { return n.memory_v2(d, memory); });
  print_cost(Call::power, [&] { return n.power(d, u); });
  print_cost(Call::energy, [&] { return n.energy(d, u64); });
  print_cost(Call::clock, [&] { return n.clock(d, abi::ClockType::sm, u); });
  print_cost(Call::throttle_reasons, [&] { return n.throttle_reasons(d, u64); });
  print_cost(Call::temperature, [&] { return n.temperature(d, u); });
  print_cost(Call::field_values, [&] { return n.field_values(d, fields); });
  for (const abi::FieldValue& field : fields)
    fmt::print("    field {}: code {}, latency {} us\n", field.field,
               static_cast<unsigned>(field.result), field.latency_us);
  print_cost(Call::compute_processes,
             [&] { return n.processes(d, ProcessKind::compute, processes, u); });
  print_cost(Call::graphics_processes,
             [&] { return n.processes(d, ProcessKind::graphics, processes, u); });
  print_cost(Call::process_utilization, [&] { return n.process_utilization(d, 0, shares, u); });
  print_cost(Call::utilization_samples, [&] { return n.utilization_samples(d, 0, samples, u); });
  print_cost(Call::power_limit, [&] { return n.power_limit(d, u); });
  print_cost(Call::max_clock, [&] { return n.max_clock(d, abi::ClockType::sm, u); });
  print_cost(Call::pcie_generation, [&] { return n.pcie_generation(d, u); });
  print_cost(Call::pcie_width, [&] { return n.pcie_width(d, u); });
  print_cost(Call::fan_speed, [&] { return n.fan_speed(d, u); });
  print_cost(Call::encoder_utilization, [&] { return n.encoder_utilization(d, u); });
  print_cost(Call::ecc_errors, [&] { return n.ecc_errors(d, abi::EccError::corrected, u64); });
  print_cost(Call::retired_pages,
             [&] { return n.retired_pages(d, abi::RetireCause::single_bit, u); });
  print_cost(Call::remapped_rows, [&] { return n.remapped_rows(d, rows); });
}

TEST(NvmlOnADevice, GpmMetricsOffered) {
  const Host host = open_host();
  if (!host.nvml) GTEST_SKIP() << "no accelerator here";
  Nvml& n = *host.nvml;
  bool supported = false;
  if (n.gpm_support(host.device, supported) != Return::success || !supported)
    GTEST_SKIP() << "this device has no GPM";
  abi::GpmSampleHandle earlier = nullptr;
  abi::GpmSampleHandle later = nullptr;
  ASSERT_EQ(n.gpm_sample_alloc(earlier), Return::success);
  ASSERT_EQ(n.gpm_sample_alloc(later), Return::success);
  ASSERT_EQ(n.gpm_sample_get(host.device, earlier), Return::success);
  std::this_thread::sleep_for(std::chrono::milliseconds(250));
  print_cost(Call::gpm_sample_get, [&] { return n.gpm_sample_get(host.device, later); });
  int offered = 0;
  for (std::uint32_t id = 1; id < 333; ++id) {  // one by one: also ids that assay has no row for
    abi::GpmMetric metric{};
    metric.id = id;
    metric.result = Return::no_data;
    const Return code = n.gpm_metrics_get(earlier, later, {&metric, 1});
    if (code != Return::success || metric.result != Return::success) continue;
    ++offered;
    const auto rows = gpm_rows();
    const auto row = std::ranges::find(rows, id, &GpmRow::id);
    const auto shown = [](const char* s) { return s != nullptr ? s : "-"; };
    fmt::print("gpm {:3}  {:<28} {:14.6f} {:<8}  {}\n", id,
               row != rows.end() ? metric::to_string(row->metric) : "(no row in assay)",
               metric.value, shown(metric.unit), shown(metric.long_name));
  }
  EXPECT_GE(offered, 10);
  n.gpm_sample_free(earlier);
  n.gpm_sample_free(later);
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// CPU of the two calls that any reader of hardware counters makes once a window, 1 s apart as it
// would: the driver spins while the GPU's firmware answers, so that this floor is not assay's.
double gpm_floor(const Host& host) {
  Nvml& n = *host.nvml;
  std::array<abi::GpmSampleHandle, 2> samples{};
  abi::GpmMetric metric{};
  metric.id = 2;  // SM_UTIL; the cost does not depend on how many are asked for
  for (auto& sample : samples) n.gpm_sample_alloc(sample);
  n.gpm_sample_get(host.device, samples[0]);
  std::vector<double> costs;
  for (std::size_t i = 1; i <= 6; ++i) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const double began = cpu_seconds();
    n.gpm_sample_get(host.device, samples[i % 2]);
    n.gpm_metrics_get(samples[(i + 1) % 2], samples[i % 2], {&metric, 1});
    costs.push_back(cpu_seconds() - began);
  }
  for (auto& sample : samples) n.gpm_sample_free(sample);
  std::ranges::sort(costs);
  return costs[costs.size() / 2];
}

TEST(NvmlOnADevice, SamplerKeepsItsBudget) {
  const Host host = open_host();
  if (!host.nvml) GTEST_SKIP() << "no accelerator here";
  const double floor = gpm_floor(host);
  auto opened = DlNvml::open();
  auto started = Sampler::start(*opened, {});
  if (!started && started.error().code == ErrorCode::nothing_to_measure)
    GTEST_SKIP() << "no accelerator here";
  ASSERT_TRUE(started.ok()) << started.error().message;
  Sampler& sampler = **started;
  const auto began = SteadyTime::now();
  const auto first = sampler.next();
  fmt::print(
      "init {:.1f} ms, first window after {:.1f} ms, NVML added {:.1f} MiB, resident {:.1f} MiB\n",
      sampler.init_time().value() * 1e3, microseconds_since(began) * 1e-3,
      sampler.nvml_rss().value() / 1048576, first.self.rss.value() / 1048576);
  constexpr int kWindows = 10;
  auto last = first;
  for (int i = 0; i < kWindows; ++i) last = sampler.next();
  const double share = (last.self.cpu - first.self.cpu).value() / kWindows;
  fmt::print(
      "sampling {} device(s) at 1 Hz costs {:.4f} % of a core, {:.4f} % a device of it in "
      "NVML's own GPM calls; {} samples, {} lost\n",
      last.devices.size(), share * 100, floor * 100, last.self.samples, last.self.lost);
  for (const metric::Def& def : metric::all()) {
    const auto& r = last.devices[0].sample.at_id(def.id);
    if (r.raw())
      fmt::print("{:<22} {:16.6g} {:<17} {:<9} window {:.3f} s\n", def.name, *r.raw(),
                 metric::to_string(def.unit), sample::to_string(r.state()), r.window().value());
    else if (r.reason() != sample::Reason::not_supported)
      fmt::print("{:<22} unknown: {}\n", def.name, sample::to_string(r.reason()));
  }
  EXPECT_EQ(last.self.lost, 0);
  EXPECT_LE(share, (0.001 + floor) * static_cast<double>(last.devices.size()));
}

}  // namespace
}  // namespace assay::probe::nvml
