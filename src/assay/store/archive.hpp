// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "assay/store/database.hpp"
#include "assay/store/provenance.hpp"
#include "assay/store/segment.hpp"

namespace assay::store {

struct SegmentInfo {
  std::int64_t number = 0;
  std::int64_t first = 0;  // window number of its first window
  std::size_t count = 0;
  std::int64_t min_at_ns = 0;
  std::int64_t max_at_ns = 0;
  bool ordered = true;  // times never step back inside it
};

// A recording's file, opened: its header tables, the index of its segments, and any chunk on
// demand. Tail rows that were never turned into chunks are turned into them in memory, so that
// everything above sees segments only. Damage is noted and passed over. One thread at a time.
class Archive {
 public:
  static Result<Archive> open(const std::filesystem::path& path);

  // While it lives, one lock of the file serves all reads (else each takes its own, at five system
  // calls), and a recorder must wait: keep it short.
  class ReadScope {
   public:
    explicit ReadScope(Archive& archive);
    ~ReadScope();
    ReadScope(const ReadScope&) = delete;
    ReadScope& operator=(const ReadScope&) = delete;

   private:
    Archive& archive_;
  };

  Provenance provenance;
  sample::Origin origin;
  std::vector<sample::DeviceFacts> devices;  // by device id
  std::vector<sample::Event> events;         // by time
  Vocabulary vocabulary;
  std::vector<SegmentInfo> segments;  // in window order, never overlapping
  std::optional<std::int64_t> finished_windows;
  std::vector<std::string> notes;
  std::optional<std::string> first_lost;  // "power of device 1": the first chunk found damaged
  std::size_t lost_chunks = 0;
  IntegerCodec codec;

  // The chunk's bytes, valid until the next call; nullopt if there is none or it is damaged, which
  // then is noted. `expected`: its absence is damage too.
  std::optional<BlobView> chunk(const SegmentInfo& segment, std::uint32_t stream,
                                std::uint32_t device, bool expected);
  // Times of a segment's windows, as many as it counts; valid until the next call.
  const std::vector<std::int64_t>& times(const SegmentInfo& segment);
  // Notes, once, that a chunk is damaged.
  void note_damage(const SegmentInfo& segment, std::uint32_t stream, std::uint32_t device);
  // The same for those of a device's streams whose names the file has lost.
  void note_nameless(const SegmentInfo& segment, std::uint32_t device,
                     std::span<const std::uint32_t> streams);

 private:
  enum class Found { yes, no, damaged };
  using Take = bool (Archive::*)(std::int64_t id, std::span<const Cell> cells);

  explicit Archive(std::filesystem::path path) : path_(std::move(path)) {}

  Status connect();
  Status salvage(const Error& cause);
  Status load();
  Status load_tables();
  bool switch_to_salvage();
  Status load_table(const Table& table, Take take);
  bool take_info(std::int64_t id, std::span<const Cell> cells);
  bool take_word(std::int64_t id, std::span<const Cell> cells);
  bool take_stream(std::int64_t id, std::span<const Cell> cells);
  bool take_device(std::int64_t id, std::span<const Cell> cells);
  bool take_event(std::int64_t id, std::span<const Cell> cells);
  Status load_segments();
  Status load_tail();
  void pack_tail(std::int64_t first, std::span<const Blob> rows);
  void drop_overlaps();
  void note_gaps();
  Status note_cut();
  bool index_segment(std::int64_t number);
  bool add_segment(std::int64_t number, std::int64_t first, std::vector<std::int64_t> times);
  [[nodiscard]] bool covered(std::int64_t window) const;
  Found fetch(std::int64_t id);
  [[nodiscard]] std::string name_of(std::uint32_t stream) const;

  std::filesystem::path path_;
  std::optional<Database> database_;
  std::optional<Statement> find_chunk_;
  std::map<std::int64_t, Blob> packed_;  // chunks of segments made in memory, by id
  std::set<std::int64_t> damaged_;
  bool salvaged_ = false;
  std::map<std::uint32_t, std::string> stream_names_;
  // What fetch() found.
  Blob found_;
  std::int64_t found_first_ = 0;
  std::int64_t found_count_ = 0;
  std::map<std::int64_t, std::vector<std::int64_t>> times_;  // by segment number
  std::size_t times_kept_ = 0;
};

}  // namespace assay::store
