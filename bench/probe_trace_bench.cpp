// SPDX-License-Identifier: Apache-2.0
// How fast a trace is taken in: what bounds the launches a second that lose nothing.
#include <benchmark/benchmark.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "assay/probe/trace/tally.hpp"
#include "assay/trace_ring/writer.hpp"

namespace {

using assay::probe::trace::Tally;
using assay::trace_ring::KernelSlot;
using assay::trace_ring::Slot;
using assay::trace_ring::TextSlot;

KernelSlot kernel(std::uint32_t n, std::uint32_t signatures) {
  KernelSlot slot;
  slot.name = 1;
  slot.start = 1000 + std::uint64_t{n} * 3000;
  slot.end = slot.start + 2000;
  slot.grid = {n % signatures + 1, 1, 1};
  slot.block = {256, 1, 1};
  return slot;
}

std::vector<Slot> stream(std::uint32_t count, std::uint32_t signatures) {
  std::vector<Slot> slots(count);
  for (std::uint32_t n = 0; n < count; ++n) {
    const KernelSlot slot = kernel(n, signatures);
    std::memcpy(&slots[n], &slot, sizeof slot);
  }
  return slots;
}

void take(benchmark::State& state) {
  const auto slots = stream(4096, static_cast<std::uint32_t>(state.range(0)));
  Tally tally;
  for (auto _ : state) tally.take(0, 1, 0, slots);
  state.SetItemsProcessed(state.iterations() * 4096);
}
BENCHMARK(take)->Arg(1)->Arg(300)->Arg(4096);

// From the last launch to the table, after ten million launches.
void report_of_ten_million(benchmark::State& state) {
  const auto slots = stream(10'000, 5'000);
  for (auto _ : state) {
    state.PauseTiming();
    auto tally = std::make_unique<Tally>();
    for (int i = 0; i < 1000; ++i) tally->take(0, 1, 0, slots);
    state.ResumeTiming();
    benchmark::DoNotOptimize(tally->result());
    state.PauseTiming();
    tally.reset();
    state.ResumeTiming();
  }
}
BENCHMARK(report_of_ten_million)->Iterations(1)->Unit(benchmark::kMillisecond);

void write_ring(benchmark::State& state) {
  using assay::trace_ring::Page;
  constexpr std::uint32_t kSlots = 1U << 14;
  struct alignas(64) Line {
    std::byte bytes[64];
  };
  std::vector<Line> memory(assay::trace_ring::file_bytes(kSlots) / sizeof(Line));
  Page* page = std::construct_at(reinterpret_cast<Page*>(memory.data()));
  assay::trace_ring::Writer writer(page, kSlots);
  const KernelSlot slot = kernel(1, 1);
  for (auto _ : state) {
    writer.push(slot);
    page->read.store(page->written.load());  // a reader that is always there
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(write_ring);

}  // namespace

BENCHMARK_MAIN();
