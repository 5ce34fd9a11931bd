// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "assay/sample/sample.hpp"
#include "assay/store/bytes.hpp"
#include "assay/store/vocabulary.hpp"

namespace assay::store {

// One snapshot as plain bytes: a row of the `tail` table, until a segment's worth of them is turned
// into chunks. Values are raw doubles here. Layout: docs/recording-format.md, "Tail row".
// device_ids[i] is the id in the `device` table of snapshot.devices[i].
Blob encode_window(const sample::Snapshot& snapshot, std::span<const std::uint32_t> device_ids,
                   const Vocabulary& vocabulary);

// A tail row opened: the devices' parts stay bytes until they are wanted.
struct WindowRow {
  struct Device {
    std::uint32_t id = 0;
    BlobView body;
  };
  sample::WallTime at;
  sample::SelfCost self;
  std::vector<Device> devices;
};

// nullopt if the bytes are no such row. The result views `data`.
std::optional<WindowRow> open_window(BlobView data);

// States, reasons and sources come out as the file's own codes in the enums' clothes: what turns
// rows into chunks only carries them over. False if the bytes are no such part.
bool decode_device(BlobView body, sample::WallTime window_at, const Vocabulary& vocabulary,
                   sample::Sample& sample);

}  // namespace assay::store
