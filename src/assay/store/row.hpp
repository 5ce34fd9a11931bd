// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "assay/store/bytes.hpp"

namespace assay::store {

// What a cell of an SQLite row holds. Views: the bytes belong to somebody else.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string_view, BlobView>;

// A table of the file. Each has `id INTEGER PRIMARY KEY`, `crc`, and then these columns, none of
// them with a type affinity that would change what is stored.
struct Table {
  std::string_view name;
  std::string_view columns;  // "a, b, c"
  std::size_t column_count;  // without id and crc
};

inline constexpr Table kInfo{"info", "key, value", 2};
inline constexpr Table kWord{"word", "kind, code, word", 3};
inline constexpr Table kStream{"stream", "name, unit, kind", 3};
inline constexpr Table kDevice{"device",
                               "idx, uuid, name, pci, driver, chip, cc_major, cc_minor, sm_count, "
                               "sm_count_state, sm_count_reason, sm_count_source, sm_count_window",
                               13};
inline constexpr Table kEvent{"event", "at_ns, device, kind, text", 4};
inline constexpr Table kChunk{"chunk", "first, count, data", 3};
inline constexpr Table kTail{"tail", "at_ns, data", 2};
inline constexpr std::array<const Table*, 7> kTables = {&kInfo,  &kWord,  &kStream, &kDevice,
                                                        &kEvent, &kChunk, &kTail};

// Rows of info, word, stream and device are each there twice, the copy under this much more, so
// that one flipped bit can't take a metric's name from a whole recording.
inline constexpr std::int64_t kCopyOffset = std::int64_t{1} << 20;

// SQLite keeps no checksums, so each row has its own, over its table's name, id and cells: a
// flipped bit is found wherever it lies, and a row found loose in a damaged file proves which
// table it belongs to. The crc column holds it as a signed 32-bit integer.
std::int64_t row_checksum(const Table& table, std::int64_t id, std::span<const Cell> cells);

// The cell as that type; nullopt if it is another.
template <typename T>
std::optional<T> cell_as(const Cell& cell) {
  const T* value = std::get_if<T>(&cell);
  return value == nullptr ? std::nullopt : std::optional<T>(*value);
}

}  // namespace assay::store
