// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "assay/store/archive.hpp"

namespace assay::store {

// All of one segment, decoded but not yet spread out into snapshots: what iteration keeps in
// memory.
class SegmentView {
 public:
  // Chunks that are damaged or missing are noted in the archive and read as unknown.
  SegmentView(Archive& archive, const SegmentInfo& segment);

  [[nodiscard]] std::int64_t number() const { return segment_.number; }
  // i < the segment's count. `archive` is the one that made the view.
  [[nodiscard]] sample::Snapshot snapshot(const Archive& archive, std::size_t i) const;

 private:
  struct Device {
    std::uint32_t id = 0;
    std::optional<DeviceChunk> state;
    std::vector<std::optional<Column>> columns;  // by metric; nullopt: never read, or damaged
    std::vector<bool> damaged;                   // by metric
    std::optional<std::vector<ProcessTrack>> processes;
    bool processes_damaged = false;
  };

  std::optional<Device> load_device(Archive& archive, std::uint32_t id) const;
  sample::DeviceSample device_sample(const Archive& archive, const Device& device,
                                     std::size_t i) const;

  SegmentInfo segment_;
  std::vector<std::int64_t> at_ns_;
  std::optional<WindowsChunk> windows_;
  std::vector<Device> devices_;
};

}  // namespace assay::store
