// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/sample/sample.hpp"

namespace assay::store {

inline constexpr std::int64_t kApplicationId = 0x41534159;  // "ASAY"
inline constexpr std::int64_t kFormatVersion = 1;
inline constexpr std::size_t kPageSize = 16384;

// What a chunk holds is named by a number of this file's `stream` table. Those below kFirstMetric
// are fixed by the format; metrics follow, and their names, not their numbers, say what they are.
inline constexpr std::uint32_t kWindowsStream = 0;  // times and self cost of each window
inline constexpr std::uint32_t kDeviceStream = 1;   // what is not a metric of one device
inline constexpr std::uint32_t kProcessStream = 2;
inline constexpr std::uint32_t kFirstMetricStream = 16;
inline constexpr std::uint32_t kWindowsCopyStream = 4095;  // without times a segment is lost
inline constexpr std::uint32_t kStreamLimit = 4096;
inline constexpr std::uint32_t kDeviceLimit = 4096;

// Chunks of a segment lie together, ordered by stream, then device.
constexpr std::int64_t chunk_id(std::int64_t segment, std::uint32_t stream, std::uint32_t device) {
  return segment << 24 | static_cast<std::int64_t>(stream) << 12 |
         static_cast<std::int64_t>(device);
}

// A file carries words, never this program's numbers: the `word` and `stream` tables say which
// number stands for which, so that a file outlives any reordering of enums and metrics.
class Vocabulary {
 public:
  // This program's own numbering: what a recorder writes.
  static Vocabulary current();

  // An empty one, filled from a file's tables. A word that this program does not know maps to
  // "unknown" / "not-read" / "none". False: it did not know it.
  Vocabulary();
  bool learn_word(std::string_view kind, std::uint8_t code, std::string_view word);
  bool learn_stream(std::uint32_t stream, std::string_view name, std::string_view unit);

  [[nodiscard]] sample::State state(std::uint8_t code) const { return states_[code]; }
  [[nodiscard]] sample::Reason reason(std::uint8_t code) const { return reasons_[code]; }
  [[nodiscard]] sample::Source source(std::uint8_t code) const { return sources_[code]; }
  [[nodiscard]] sample::Presence presence(std::uint8_t code) const { return presences_[code]; }
  [[nodiscard]] std::optional<metric::Id> metric(std::uint32_t stream) const;
  [[nodiscard]] std::optional<std::uint32_t> stream(metric::Id id) const;

 private:
  std::array<sample::State, 256> states_{};
  std::array<sample::Reason, 256> reasons_{};
  std::array<sample::Source, 256> sources_{};
  std::array<sample::Presence, 256> presences_{};
  std::vector<std::optional<metric::Id>> metrics_;
  std::array<std::optional<std::uint32_t>, metric::kCount> streams_{};
};

// Rows of the `word` table for this program's enums.
struct Word {
  std::string_view kind;
  std::uint8_t code;
  std::string_view word;
};
std::vector<Word> current_words();

std::string_view to_word(sample::Presence presence);
std::optional<sample::OriginKind> parse_origin_kind(std::string_view word);

}  // namespace assay::store
