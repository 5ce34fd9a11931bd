// SPDX-License-Identifier: Apache-2.0
// What a scrape of /metrics, a snapshot and a page's history cost with eight devices that answer
// every metric of the table. Goal: a scrape in at most 2 ms (docs/evidence/serve.md).
#include <benchmark/benchmark.h>

#include "assay/appraise/appraisal.hpp"
#include "assay/http/server.hpp"
#include "assay/serve/history.hpp"
#include "assay/serve/self_text.hpp"
#include "assay/serve/series_answer.hpp"
#include "assay/wire/prometheus.hpp"
#include "assay/wire/snapshot_json.hpp"

namespace {

using namespace assay;

constexpr std::size_t kDevices = 8;

appraise::AppraisedSnapshot snapshot() {
  appraise::AppraisedSnapshot all;
  all.origin = {sample::OriginKind::simulation, "bench"};
  for (std::size_t d = 0; d < kDevices; ++d) {
    sample::DeviceSample device;
    device.facts.index = static_cast<int>(d);
    device.facts.uuid = "GPU-951e653a-12e8-ee40-61f3-ded641b9d7a" + std::to_string(d);
    device.facts.name = "NVIDIA H100 80GB HBM3";
    device.facts.chip = "h100-sxm5-80gb";
    device.facts.pci = "00000000:04:00.0";
    double value = 0.1 + 0.01 * static_cast<double>(d);
    for (auto& reading : device.sample.readings) {
      value = value > 0.9 ? value - 0.8 : value + 0.0137;
      reading = sample::Reading<double>::measured(value, metric::Source::gpm, Seconds(1));
    }
    device.sample.processes_reason = sample::Reason::none;
    appraise::BoardKnowledge board;
    board.price = ladder::Price{DollarsPerHour(2.5), "bench"};
    all.devices.push_back(appraise::appraise(std::move(device), std::move(board)));
  }
  return all;
}

void scrape(benchmark::State& state) {
  const auto all = snapshot();
  std::size_t bytes = 0;
  for (auto _ : state) {
    std::string text =
        wire::prometheus_text(all, {.node = "node-7", .dcgm_names = state.range(0) != 0});
    text += serve::self_text(all.self, http::ServerCounters{}, {});
    bytes = text.size();
    benchmark::DoNotOptimize(text);
  }
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(scrape)->ArgName("dcgm_names")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void snapshot_document(benchmark::State& state) {
  const auto all = snapshot();
  for (auto _ : state) benchmark::DoNotOptimize(wire::snapshot_json(all));
}
BENCHMARK(snapshot_document)->Unit(benchmark::kMillisecond);

// A quarter of an hour of one rung of all devices, from memory.
void history(benchmark::State& state) {
  const auto all = snapshot();
  std::vector<serve::DerivedValues> values;
  std::vector<sample::DeviceFacts> devices;
  for (const auto& device : all.devices) {
    values.push_back(serve::derived_of(device));
    devices.push_back(device.facts);
  }
  serve::History kept(kDevices);
  constexpr std::int64_t kSecond = 1'000'000'000;
  for (std::int64_t i = 1; i <= 3600; ++i) kept.add(i * kSecond, values);
  const auto request = serve::parse_series_request(http::Query::parse("metric=ladder.sol").value(),
                                                   {3600 * kSecond}, Seconds(1));
  for (auto _ : state)
    benchmark::DoNotOptimize(serve::series_answer(*request, {{}, &kept, devices, all.origin}));
}
BENCHMARK(history)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
