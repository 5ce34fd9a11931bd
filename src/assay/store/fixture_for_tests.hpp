// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "assay/store/bytes.hpp"
#include "assay/store/recorder.hpp"
#include "assay/store/recording.hpp"

// Recordings made up for tests: deterministic, and each value says which window it belongs to.
// Defined in fixture_test.cpp, so that the library knows nothing of it.
namespace assay::store::fixture {

inline constexpr std::int64_t kStart = 1'763'800'000'000'000'000;
inline constexpr std::int64_t kSecond = 1'000'000'000;

// A folder of its own for each test, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  [[nodiscard]] std::vector<std::string> files() const;

 private:
  std::filesystem::path path_;
};

sample::DeviceFacts facts(int index);
sample::Sample device_sample(std::int64_t window, int device);
sample::Snapshot snapshot(std::int64_t window, int devices = 2);
Provenance provenance();
sample::Origin simulated();

// Few windows to a segment, no commit but the one asked for, no waiting for the disk.
RecorderOptions small(std::size_t windows_per_segment = 16);

// A finished recording of `windows` windows of two devices, an event at each tenth.
void record(const std::filesystem::path& path, std::int64_t windows,
            const RecorderOptions& options = small());

std::vector<sample::Snapshot> read_all(Recording& recording);
Blob read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, BlobView data);

}  // namespace assay::store::fixture
