// SPDX-License-Identifier: Apache-2.0
// What sending metrics on costs a period: 8 devices, 50 samples each, read and encoded. Goal: a
// thousandth of a core at the default 15 s.
#include <benchmark/benchmark.h>

#include <string>

#include "assay/exposition/exposition.hpp"
#include "assay/push/otlp.hpp"
#include "assay/push/remote_write.hpp"

namespace {

std::string eight_devices() {
  std::string text;
  for (int metric = 0; metric < 50; ++metric) {
    const std::string name = "assay_metric_number_" + std::to_string(metric) + "_ratio";
    text += "# HELP " + name + " What it is.\n# TYPE " + name + " gauge\n";
    for (int device = 0; device < 8; ++device)
      text += name + "{device=\"" + std::to_string(device) +
              "\",uuid=\"GPU-951e653a-12e8-ee40-61f3-" + std::to_string(100000 + device) +
              "\",chip=\"h100-sxm5-80gb\",node=\"gpu-node-1\",origin=\"device\"} 0.123456789\n";
  }
  return text;
}

void parse(benchmark::State& state) {
  const std::string text = eight_devices();
  for (auto _ : state) benchmark::DoNotOptimize(assay::exposition::parse(text));
  state.counters["samples"] = 400;
}
BENCHMARK(parse)->Unit(benchmark::kMicrosecond);

void remote_write(benchmark::State& state) {
  const auto scrape = assay::exposition::parse(eight_devices());
  for (auto _ : state)
    benchmark::DoNotOptimize(
        assay::push::remote_write_body(*scrape, 1, {{"job", "assay"}, {"instance", "h"}}));
}
BENCHMARK(remote_write)->Unit(benchmark::kMicrosecond);

void otlp(benchmark::State& state) {
  const auto scrape = assay::exposition::parse(eight_devices());
  for (auto _ : state) benchmark::DoNotOptimize(assay::push::otlp_body(*scrape, 1, 0, {}));
}
BENCHMARK(otlp)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
