// SPDX-License-Identifier: Apache-2.0
// A synthetic day of 8 devices x 1 Hz x 20 metrics (13.8 million values): how large its recording
// is, and how fast it gives series back. Goals: 0.70 bytes a value with everything in the file; one
// metric of all devices as 1-minute min/mean/max in 15 ms; all 160 series in 200 ms.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>
#include <vector>

#include "assay/base/check.hpp"
#include "assay/store/recorder.hpp"
#include "assay/store/recording.hpp"

namespace {

using namespace assay;
using metric::Id;
using metric::Source;
using sample::Reading;

constexpr int kDevices = 8;
constexpr std::int64_t kWindows = 86'400;
constexpr std::int64_t kStart = 1'763'769'600'000'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;

// What a device does for some minutes: shares of peak, with a noise that each second brings anew.
struct Phase {
  double busy, sm, occupancy, tensor, dram, fp32, noise, pcie, nvlink;
};
constexpr Phase kIdle{0, 0, 0, 0, 0.00001, 0, 0, 0, 0};
constexpr Phase kTraining{1, 0.93, 0.31, 0.52, 0.44, 0.09, 0.008, 1.2e9, 9e10};
constexpr Phase kServing{0.97, 0.71, 0.22, 0.11, 0.68, 0.05, 0.03, 3e8, 0};

// How the day is shared out: half of it idle, or none, which is the worst there is, for noise does
// not compress.
struct Mix {
  double idle, training;
};
constexpr Mix kUsualMix{0.5, 0.3};
constexpr Mix kNeverIdle{0, 0.5};

// One device's day: phases of 10 to 90 minutes; power and temperature follow what it does. Values
// come the way NVML gives them: whole per cents, milliwatts, MHz, MiB, and GPM's unrounded doubles.
class Device {
 public:
  Device(int index, Mix mix)
      : index_(index), mix_(mix), random_(1000 + static_cast<std::uint64_t>(index)) {}

  sample::Sample step(std::int64_t window) {
    if (window >= phase_end_) next_phase(window);
    sample::Sample s;
    const auto jitter = std::llround(normal() * 20'000);
    s.at.unix_ns = kStart + window * kSecond + 200'000 * index_ + jitter;
    s.window = Seconds(static_cast<double>(kSecond + jitter - last_jitter_) / 1e9);
    last_jitter_ = jitter;
    const auto gpm = [&](double mean, double steadiness = 1) {
      const double noise = phase_.noise / steadiness * normal();
      const double value = std::clamp(mean * (1 + noise), 0.0, 1.0);
      return Reading<Ratio>::measured(Ratio::percent(value * 100), Source::gpm, s.window);
    };
    const auto percent = [&](double mean) {
      const double value = std::round(100 * mean * (1 + phase_.noise * normal()));
      return Reading<Ratio>::measured(Ratio::percent(std::clamp(value, 0.0, 100.0)), Source::nvml);
    };
    const auto rate = [&](double mean) {
      const double value = mean * (1 + 2 * phase_.noise * normal());
      return Reading<BytesPerSecond>::measured(BytesPerSecond(value), Source::gpm, s.window);
    };
    s.set<Id::gpu_util>(percent(phase_.busy));
    s.set<Id::memory_util>(percent(phase_.dram * 0.8));
    s.set<Id::graphics_util>(gpm(phase_.busy, 10));
    s.set<Id::sm_active>(gpm(phase_.sm));
    s.set<Id::sm_occupancy>(gpm(phase_.occupancy));
    s.set<Id::tensor_util>(gpm(phase_.tensor));
    s.set<Id::dram_util>(gpm(phase_.dram));
    s.set<Id::fp64_util>(gpm(0));
    s.set<Id::fp32_util>(gpm(phase_.fp32));
    s.set<Id::pcie_tx>(rate(phase_.pcie));
    s.set<Id::pcie_rx>(rate(phase_.pcie / 3));
    s.set<Id::nvlink_tx>(rate(phase_.nvlink));
    set_slow(s);
    return s;
  }

 private:
  double normal() { return normal_(random_); }

  void next_phase(std::int64_t window) {
    const double pick = uniform_(random_);
    phase_ = pick < mix_.idle ? kIdle : pick < mix_.idle + mix_.training ? kTraining : kServing;
    phase_end_ = window + 600 + static_cast<std::int64_t>(uniform_(random_) * 4800);
    memory_mib_ = phase_.busy > 0 ? std::floor(20'000 + uniform_(random_) * 55'000) : 0;
  }

  void set_slow(sample::Sample& s) {
    const double target = 72 + 560 * phase_.sm * (0.5 + phase_.tensor);
    watts_ += 0.2 * (target - watts_) + (phase_.busy > 0 ? 2.5 : 0.08) * normal();
    joules_ += watts_;
    celsius_ += 0.01 * (30 + watts_ / 16 - celsius_);
    const bool capped = watts_ > 560 && uniform_(random_) < 0.2;
    const auto nvml = [](auto value) {
      return Reading<decltype(value)>::measured(value, Source::nvml);
    };
    s.set<Id::power>(nvml(milliwatts(std::round(watts_ * 1e3))));
    s.set<Id::energy>(nvml(millijoules(std::round(joules_ * 1e3))));
    s.set<Id::temperature>(nvml(Celsius(std::round(celsius_))));
    s.set<Id::sm_clock>(nvml(megahertz(capped ? 1965 : 1980)));
    s.set<Id::memory_used>(nvml(mib(memory_mib_)));
    s.set<Id::memory_free>(nvml(mib(81'008 - memory_mib_)));
    s.set<Id::throttle_reasons>(nvml(Count(capped ? 4 : 0)));
    s.set<Id::memory_clock>(nvml(megahertz(2619)));
    s.processes_reason = sample::Reason::none;
    if (phase_.busy <= 0) return;
    sample::Process process;
    process.pid = 1000 + phase_end_ % 50'000;
    process.name = "python3";
    process.memory = nvml(mib(memory_mib_));
    process.time_share =
        Reading<Ratio>::measured(Ratio::percent(std::round(100 * phase_.busy)), Source::nvml);
    s.processes.push_back(process);
  }

  int index_;
  Mix mix_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  std::uniform_real_distribution<double> uniform_;
  Phase phase_ = kIdle;
  std::int64_t phase_end_ = 0;
  std::int64_t last_jitter_ = 0;
  double watts_ = 72, joules_ = 0, celsius_ = 33, memory_mib_ = 0;
};

sample::DeviceFacts facts(int index) {
  sample::DeviceFacts f;
  f.index = index;
  f.uuid = "GPU-" + std::to_string(index);
  f.name = "NVIDIA H100 80GB HBM3";
  return f;
}

// A recording of so many windows, removed when the program ends.
class File {
 public:
  File(std::string_view name, std::int64_t windows, Mix mix)
      : path_(std::filesystem::temp_directory_path() /
              ("assay-" + std::to_string(::getpid()) + "-" + std::string(name) + ".assay")) {
    std::vector<sample::DeviceFacts> devices;
    std::vector<Device> days;
    for (int d = 0; d < kDevices; ++d) {
      devices.push_back(facts(d));
      days.emplace_back(d, mix);
    }
    auto recorder = store::Recorder::create(path_, {}, {}, devices);
    CHECK(recorder.ok());
    for (std::int64_t w = 0; w < windows; ++w) {
      sample::Snapshot snapshot;
      snapshot.at.unix_ns = kStart + w * kSecond + 3'000'000 + (w * 7919) % 9'000;
      const auto cpu_us = static_cast<double>(420 * w + (w * 31) % 97);
      snapshot.self = {Seconds(1e-6 * cpu_us), mib(11), w * 8, 0};
      for (std::size_t d = 0; d < days.size(); ++d) {
        snapshot.devices.push_back({devices[d], days[d].step(w)});
        for (const auto& reading : snapshot.devices.back().sample.readings)
          values_ += reading.raw().has_value() ? 1 : 0;
      }
      CHECK((*recorder)->add(snapshot).ok());
    }
    CHECK((*recorder)->finish().ok());
  }
  ~File() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::int64_t values() const { return values_; }

 private:
  std::filesystem::path path_;
  std::int64_t values_ = 0;
};

const File& day() {
  static const File file("day", kWindows, kUsualMix);
  return file;
}

store::Recording open_day() {
  auto recording = store::Recording::open(day().path());
  CHECK(recording.ok());
  return std::move(*recording);
}

void minutes_of(store::Recording& recording, Id id) {
  for (std::size_t d = 0; d < kDevices; ++d) {
    auto series = recording.series(d, id, {kStart}, {kStart + kWindows * kSecond}, Seconds(60));
    CHECK(series.ok() && series->buckets.size() == 1440 && series->buckets[700].count == 60);
    benchmark::DoNotOptimize(series);
  }
}

std::vector<Id> recorded_metrics() {
  std::vector<Id> ids;
  Device device(0, kUsualMix);
  const sample::Sample s = device.step(0);
  for (const auto& def : metric::all())
    if (s.at_id(def.id).usable()) ids.push_back(def.id);
  return ids;
}

void report_size(benchmark::State& state, const File& file) {
  double size = 0;
  for (auto _ : state) size = static_cast<double>(std::filesystem::file_size(file.path()));
  state.counters["bytes_per_value"] = size / static_cast<double>(file.values());
  state.counters["values"] = static_cast<double>(file.values());
  state.counters["bytes"] = size;
}

void size_of_a_day(benchmark::State& state) { report_size(state, day()); }
BENCHMARK(size_of_a_day)->Iterations(1);

// The same without a second's rest: the most that noise can cost.
void size_of_a_day_never_idle(benchmark::State& state) {
  report_size(state, File("busy", kWindows, kNeverIdle));
}
BENCHMARK(size_of_a_day_never_idle)->Iterations(1);

void open_a_day(benchmark::State& state) {
  day();
  for (auto _ : state) benchmark::DoNotOptimize(open_day());
}
BENCHMARK(open_a_day)->Unit(benchmark::kMillisecond);

void one_metric_of_all_devices_by_minute(benchmark::State& state, Id id) {
  auto recording = open_day();
  for (auto _ : state) minutes_of(recording, id);
}
BENCHMARK_CAPTURE(one_metric_of_all_devices_by_minute, sm_active, Id::sm_active)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(one_metric_of_all_devices_by_minute, power, Id::power)
    ->Unit(benchmark::kMillisecond);

// The file opened anew each time, as `assay replay` would.
void open_and_one_metric(benchmark::State& state) {
  day();
  for (auto _ : state) {
    auto recording = open_day();
    minutes_of(recording, Id::sm_active);
  }
}
BENCHMARK(open_and_one_metric)->Unit(benchmark::kMillisecond);

void all_series_by_minute(benchmark::State& state) {
  auto recording = open_day();
  const std::vector<Id> ids = recorded_metrics();
  for (auto _ : state)
    for (const Id id : ids) minutes_of(recording, id);
  state.counters["series"] = static_cast<double>(ids.size() * kDevices);
}
BENCHMARK(all_series_by_minute)->Unit(benchmark::kMillisecond);

void every_snapshot_of_a_day(benchmark::State& state) {
  auto recording = open_day();
  for (auto _ : state) {
    auto cursor = recording.cursor();
    std::int64_t count = 0;
    while ((*cursor.next()).has_value()) ++count;
    CHECK(count == kWindows);
  }
}
BENCHMARK(every_snapshot_of_a_day)->Unit(benchmark::kMillisecond)->Iterations(1);

// CPU of recording one window of one device with every metric that GPM has, as a 1 Hz recording
// does: tail, commits and chunks included. `perf stat` over this alone counts its instructions.
void add_a_window(benchmark::State& state) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("assay-" + std::to_string(::getpid()) + "-add.assay");
  auto recorder = store::Recorder::create(path, {}, {}, {});
  CHECK(recorder.ok());
  Device device(0, kNeverIdle);
  sample::Snapshot snapshot;
  snapshot.devices.assign(1, {facts(0), device.step(0)});
  sample::Sample& sample = snapshot.devices[0].sample;
  for (const auto& def : metric::all())
    if (def.source == Source::gpm)
      sample.at_id(def.id) = Reading<double>::measured(0.25, Source::gpm, sample.window);
  std::int64_t w = 0;
  for (auto _ : state) {
    snapshot.at.unix_ns = sample.at.unix_ns = kStart + w++ * kSecond;
    CHECK((*recorder)->add(snapshot).ok());
    CHECK((*recorder)->commit().ok());
  }
  recorder->reset();
  std::filesystem::remove(path);
}
BENCHMARK(add_a_window)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
