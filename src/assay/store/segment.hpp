// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assay/sample/sample.hpp"
#include "assay/store/column.hpp"
#include "assay/store/vocabulary.hpp"

namespace assay::store {

// A segment is a run of consecutive windows, stored as one chunk for each stream and device.
struct Chunk {
  std::uint32_t stream = 0;
  std::uint32_t device = 0;
  Blob data;
};

// Turns tail rows into chunks, in the order of their ids. All rows must be openable (open_window);
// at most kMaxCount of them.
std::vector<Chunk> build_segment(std::span<const Blob> rows, const Vocabulary& vocabulary,
                                 IntegerCodec& codec);

// The chunk of stream kWindowsStream: what belongs to no device.
struct WindowsChunk {
  std::vector<std::int64_t> at_ns;
  Numbers cpu;  // seconds
  Numbers rss;  // bytes
  std::vector<std::int64_t> samples;
  std::vector<std::int64_t> lost;
};
std::optional<WindowsChunk> decode_windows(BlobView data, IntegerCodec& codec);
// Only the times, for those who want no more of it.
bool decode_times(BlobView data, IntegerCodec& codec, std::vector<std::int64_t>& at_ns);

// The chunk of stream kDeviceStream: a device's sample but for its metrics and processes.
struct DeviceChunk {
  struct Run {
    std::size_t begin = 0;
    bool present = false;  // the device is in these snapshots
    std::uint8_t presence = 0;
    std::uint8_t processes_reason = 0;
    std::size_t trouble = 0;  // into troubles
  };
  std::vector<Run> runs;
  std::vector<std::string> troubles;
  std::vector<std::int64_t> at_ns;  // the sample's time
  WindowTracks tracks;
  std::vector<std::uint32_t> streams;  // which chunks this device has in the segment

  [[nodiscard]] const Run& run_of(std::size_t i) const;
};
// Its times lie in the file as differences to the windows' own.
std::optional<DeviceChunk> decode_device_chunk(BlobView data,
                                               std::span<const std::int64_t> window_at_ns,
                                               IntegerCodec& codec);

// The chunk of stream kProcessStream: each process once, with columns over the whole segment.
struct ProcessTrack {
  std::int64_t pid = 0;
  std::string name;
  bool compute = true;
  std::vector<std::size_t> edges;  // windows at which it comes, goes, comes, ...
  Column memory;
  Column time_share;

  [[nodiscard]] bool present(std::size_t i) const;
};
std::optional<std::vector<ProcessTrack>> decode_processes(BlobView data, IntegerCodec& codec);

// Values that all processes of one chunk may have in memory together, so that a hostile file can't
// ask for more; a recorder marks lists that it had to cut with Reason::out_of_range.
inline constexpr std::size_t kMaxProcessValues = std::size_t{1} << 24;

}  // namespace assay::store
