// SPDX-License-Identifier: Apache-2.0
#include "assay/store/fixture_for_tests.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace assay::store::fixture {

Folder::Folder() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  path_ = std::filesystem::temp_directory_path() /
          ("assay-store-" + std::to_string(::getpid()) + "-" + test->name());
  std::filesystem::create_directories(path_);
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> Folder::files() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    names.push_back(entry.path().filename().string());
  return names;
}

sample::DeviceFacts facts(int index) {
  sample::DeviceFacts f;
  f.index = index;
  f.uuid = "GPU-" + std::to_string(index);
  f.name = "NVIDIA H100 80GB HBM3";
  f.pci = "00000000:01:00.0";
  f.driver = "580.159";
  f.chip = "h100-sxm5-80gb";
  f.cc_major = 9;
  f.sm_count = sample::Reading<Count>::derived(Count(132), metric::Source::nvml);
  return f;
}

sample::Sample device_sample(std::int64_t window, int device) {
  using metric::Id;
  using metric::Source;
  const auto w = static_cast<double>(window);
  sample::Sample s;
  s.at.unix_ns = kStart + window * kSecond + 250'000 + device * 1000;
  s.window = Seconds(1.0 + 1e-6 * static_cast<double>(window % 7));
  const auto gpm = [&](double v) {
    return sample::Reading<Ratio>::measured(Ratio::fraction(v), Source::gpm, s.window);
  };
  s.set<Id::sm_active>(gpm(1.0 / 132 + 1e-4 * static_cast<double>((window * 7919) % 97)));
  s.set<Id::sm_occupancy>(gpm(1.0 / (132 * 64)));
  if (window % 5 == 0)
    s.set<Id::dram_util>(sample::Reading<Ratio>::unknown(sample::Reason::not_finite, Source::gpm));
  else s.set<Id::dram_util>(gpm(0.25));
  s.set<Id::gpu_util>(
      sample::Reading<Ratio>::measured(Ratio::percent(100), Source::nvml, Seconds(0.2)));
  s.set<Id::power>(sample::Reading<Watts>::measured(
      milliwatts(256'000 + 128.0 * static_cast<double>(window % 1000)), Source::nvml));
  s.set<Id::energy>(sample::Reading<Joules>::measured(Joules(w), Source::nvml));
  s.set<Id::sm_clock>(sample::Reading<Hertz>::measured(megahertz(1980), Source::nvml));
  s.set<Id::memory_used>(sample::Reading<Bytes>::measured(mib(543 + w), Source::nvml));
  s.set<Id::fp64_util>(sample::Reading<Ratio>::unknown(sample::Reason::no_gpm, Source::gpm));
  s.processes_reason = sample::Reason::none;
  sample::Process p;
  p.pid = 4242 + window / 10;
  p.name = "spin";
  p.memory = sample::Reading<Bytes>::measured(mib(543), Source::nvml);
  p.time_share = sample::Reading<Ratio>::measured(Ratio::percent(50), Source::nvml, s.window);
  if (window % 10 != 9) s.processes.push_back(p);
  return s;
}

sample::Snapshot snapshot(std::int64_t window, int devices) {
  sample::Snapshot s;
  s.at.unix_ns = kStart + window * kSecond;
  s.origin = {sample::OriginKind::recording, "test.assay"};
  s.self = {Seconds(0.001 * static_cast<double>(window)), mib(12), window * 3, window / 4};
  for (int d = 0; d < devices; ++d) s.devices.push_back({facts(d), device_sample(window, d)});
  return s;
}

Provenance provenance() {
  return {"0.1.0", "node7", "Linux 6.1", "580.159", "assay lab", "a note", {kStart}, Seconds(1)};
}

sample::Origin simulated() { return {sample::OriginKind::simulation, "one-thread.toml"}; }

RecorderOptions small(std::size_t windows_per_segment) {
  RecorderOptions options;
  options.windows_per_segment = windows_per_segment;
  options.commit_every = Seconds(3600);
  options.sync_segments = false;
  return options;
}

// A finished recording of `windows` windows, an event at each tenth.
void record(const std::filesystem::path& path, std::int64_t windows,
            const RecorderOptions& options) {
  const std::vector<sample::DeviceFacts> devices = {facts(0), facts(1)};
  auto recorder = Recorder::create(path, provenance(), simulated(), devices, options);
  ASSERT_TRUE(recorder.ok()) << recorder.error().message;
  for (std::int64_t i = 0; i < windows; ++i) {
    ASSERT_TRUE((*recorder)->add(snapshot(i)).ok());
    if (i % 10 != 0) continue;
    const sample::Event event{{kStart + i * kSecond}, 0, "note", std::to_string(i)};
    ASSERT_TRUE((*recorder)->add(event).ok());
  }
  ASSERT_TRUE((*recorder)->finish().ok());
}

std::vector<sample::Snapshot> read_all(Recording& recording) {
  std::vector<sample::Snapshot> all;
  Cursor cursor = recording.cursor();
  for (;;) {
    auto next = cursor.next();
    EXPECT_TRUE(next.ok());
    if (!next.ok() || !next->has_value()) return all;
    all.push_back(std::move(**next));
  }
}

Blob read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_file(const std::filesystem::path& path, BlobView data) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
}

}  // namespace assay::store::fixture
