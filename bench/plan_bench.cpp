// SPDX-License-Identifier: Apache-2.0
// What planning costs. Goals on one core: a point at most 10 us, a simulation of 1,000 requests at
// most 10 ms, a search over the whole catalog at most 1 s.
#include <benchmark/benchmark.h>

#include <utility>
#include <vector>

#include "assay/base/check.hpp"
#include "assay/catalog/embedded.hpp"
#include "assay/model/library.hpp"
#include "assay/model/precision.hpp"
#include "assay/plan/search.hpp"

namespace {

using namespace assay;
using plan::Deployment;
using plan::Lengths;

template <typename T>
T sound(Result<T> result) {
  CHECK(result.ok());
  return std::move(*result);
}

plan::Variant stored(const char* model, const char* precision, bool native_only) {
  auto found = sound(sound(model::embedded_library()).find(model));
  return {precision, sound(model::with_precision(std::move(found), precision)), native_only};
}

std::vector<roofline::ChipRoof> all_roofs() {
  const auto catalog = sound(catalog::embedded());
  const auto fits = sound(roofline::Fits::builtin());
  std::vector<roofline::ChipRoof> roofs;
  for (const catalog::Chip& chip : catalog.all())
    if (auto roof = roofline::chip_roof(chip, fits)) roofs.push_back(std::move(*roof));
  return roofs;
}

roofline::EngineProfile vllm() { return sound(sound(roofline::Fits::builtin()).engine("vllm")); }

Deployment on_h100s(const char* model, roofline::Parallel parallel) {
  for (const roofline::ChipRoof& roof : all_roofs())
    if (roof.chip == "h100-sxm5-80gb")
      return sound(Deployment::make(stored(model, "fp8", false).model, roof, parallel, vllm(), 1));
  CHECK(false);
  std::unreachable();
}

plan::Workload fixed(double in, double out) {
  return {sound(Lengths::fixed(in)), sound(Lengths::fixed(out))};
}
plan::Workload ragged(double in, double out) {
  return {sound(Lengths::lognormal(in, 0.6)), sound(Lengths::lognormal(out, 0.6))};
}

// The closed form, everything in it: latencies with percentiles, cost, energy, shares.
void point(benchmark::State& state, const char* model, roofline::Parallel parallel,
           const plan::Workload& workload) {
  const Deployment deployment = on_h100s(model, parallel);
  for (auto _ : state) benchmark::DoNotOptimize(deployment.at_concurrency(workload, 32));
}

// The same from nothing: a model cut over chips, then a point.
void make_and_point(benchmark::State& state) {
  const plan::Variant variant = stored("llama-3.1-70b", "fp8", false);
  const roofline::ChipRoof roof = all_roofs().at(0);
  const roofline::EngineProfile engine = vllm();
  const plan::Workload workload = fixed(1024, 1024);
  for (auto _ : state) {
    const auto deployment = Deployment::make(variant.model, roof, {.tensor = 8}, engine, 1);
    benchmark::DoNotOptimize(deployment->at_concurrency(workload, 32));
  }
}

void point_at_rate(benchmark::State& state) {
  const Deployment deployment = on_h100s("llama-3.1-70b", {.tensor = 4});
  const plan::Workload workload = fixed(1024, 1024);
  for (auto _ : state) benchmark::DoNotOptimize(deployment.at_rate(workload, 1.0));
}

void simulation(benchmark::State& state, const plan::Workload& workload,
                std::optional<double> rate) {
  const Deployment deployment = on_h100s("llama-3.1-70b", {.tensor = 4});
  const auto requests = plan::draw(workload, 1000, rate, 1);
  std::optional<int> concurrency;
  if (!rate) concurrency = 32;
  const plan::Limits limits = deployment.limits(workload);
  for (auto _ : state) {
    const auto run = plan::serve(deployment.step_cost(), limits, requests, concurrency);
    benchmark::DoNotOptimize(deployment.of_run(*run, 64, 1));
  }
}

// Every chip x layout x precision, each with its highest load within the limits; what is worth
// showing is simulated.
void search(benchmark::State& state, const char* model) {
  const std::vector<roofline::ChipRoof> roofs = all_roofs();
  const std::vector<plan::Variant> variants = {stored(model, "", false), stored(model, "fp8", true),
                                               stored(model, "fp4", true),
                                               stored(model, "int4", false)};
  const plan::Demand demand{.workload = fixed(2048, 256),
                            .rate = 20,
                            .limit = {.ttft = milliseconds(500), .tpot = milliseconds(30)}};
  const roofline::EngineProfile engine = vllm();
  std::size_t tried = 0;
  for (auto _ : state) {
    plan::Found found = plan::search(variants, roofs, engine, demand);
    plan::verify(found, variants, roofs, engine, demand, 24);
    tried = found.answers.size() + found.refusals.size();
  }
  state.counters["chips"] = static_cast<double>(roofs.size());
  state.counters["configurations"] = static_cast<double>(tried);
}

BENCHMARK_CAPTURE(point, dense, "llama-3.1-70b", {.tensor = 4}, fixed(1024, 1024));
BENCHMARK_CAPTURE(point, dense_ragged, "llama-3.1-70b", {.tensor = 4}, ragged(1024, 1024));
BENCHMARK_CAPTURE(point, experts, "qwen3-235b-a22b", {.tensor = 8}, fixed(1024, 1024));
BENCHMARK_CAPTURE(point, latent_attention, "deepseek-v3", {.tensor = 16}, ragged(4096, 512));
BENCHMARK(make_and_point);
BENCHMARK(point_at_rate);
BENCHMARK_CAPTURE(simulation, closed_loop, fixed(1024, 1024), {})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulation, ragged, ragged(1024, 256), {})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulation, long_prompts, ragged(16384, 128), {})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulation, poisson, ragged(1024, 256), 2.0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, dense, "llama-3.1-70b")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, experts, "deepseek-v3")->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
