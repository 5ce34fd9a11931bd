// SPDX-License-Identifier: Apache-2.0
#include "assay/store/archive.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "assay/base/counted.hpp"
#include "assay/store/file_identity.hpp"
#include "assay/store/page_carver.hpp"
#include "assay/store/schema.hpp"
#include "assay/store/window_row.hpp"

namespace assay::store {
namespace {

constexpr std::size_t kTimesKept = 1U << 20;  // 8 MiB: 12 days at 1 Hz
constexpr std::size_t kTailWindows = 1024;    // per segment made in memory
constexpr std::int64_t kSegmentLimit = std::int64_t{1} << 38;
constexpr std::size_t kMaxNotes = 1000;

std::string clock_text(std::int64_t unix_ns) {
  const auto seconds = static_cast<std::time_t>(unix_ns / 1'000'000'000);
  std::tm utc{};
  if (gmtime_r(&seconds, &utc) == nullptr) return fmt::format("{} ns", unix_ns);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", utc);
}

}  // namespace

Result<Archive> Archive::open(const std::filesystem::path& path) {
  TRY(identify(path));
  Archive archive(path);
  Status loaded = archive.connect();
  if (loaded) loaded = archive.load();
  if (!loaded && loaded.error().code == ErrorCode::corrupt)
    loaded = archive.salvage(loaded.error());
  if (loaded) return archive;
  return loaded.error().within(fmt::format("cannot open '{}'", path.string()));
}

Archive::ReadScope::ReadScope(Archive& archive) : archive_(archive) {
  static_cast<void>(archive_.database_->execute("BEGIN").ok());
}
Archive::ReadScope::~ReadScope() { static_cast<void>(archive_.database_->execute("COMMIT").ok()); }

Status Archive::connect() {
  TRY_ASSIGN(Database database, Database::open_to_read(path_));
  database_ = std::move(database);
  return database_->execute("PRAGMA cell_size_check=ON; PRAGMA cache_size=-2048;");
}

Status Archive::salvage(const Error& cause) {
  Archive fresh(path_);
  fresh.salvaged_ = true;
  TRY_ASSIGN(Database scratch, Database::open_scratch());
  TRY_ASSIGN(const Carved carved, carve_pages(path_, scratch));
  fresh.database_ = std::move(scratch);
  fresh.notes.push_back(fmt::format("the file is damaged ({}); {} saved from its {}", cause.message,
                                    counted(carved.rows, "row"), counted(carved.pages, "page")));
  TRY(fresh.load());
  if (fresh.segments.empty() && fresh.events.empty() && fresh.devices.empty())
    return Error{ErrorCode::corrupt, "it is damaged or cut off so early that nothing can be saved"};
  *this = std::move(fresh);
  return {};
}

// In one read transaction: a recorder may be turning the tail into chunks at this very moment.
Status Archive::load() {
  const ReadScope scope(*this);
  return load_tables();
}

Status Archive::load_tables() {
  TRY(load_table(kInfo, &Archive::take_info));
  TRY(load_table(kWord, &Archive::take_word));
  TRY(load_table(kStream, &Archive::take_stream));
  TRY(load_table(kDevice, &Archive::take_device));
  TRY(load_table(kEvent, &Archive::take_event));
  std::ranges::stable_sort(events, {}, &sample::Event::at);
  TRY_ASSIGN(Statement find, database_->prepare(select_from(kChunk) + " WHERE id = ?"));
  find_chunk_ = std::move(find);
  TRY(load_segments());
  TRY(load_tail());
  drop_overlaps();
  note_gaps();
  return note_cut();
}

Status Archive::load_table(const Table& table, Take take) {
  TRY_ASSIGN(Statement rows, database_->prepare(select_from(table) + " ORDER BY id"));
  const std::int64_t mask = &table == &kEvent ? -1 : kCopyOffset - 1;
  std::set<std::int64_t> damaged;
  std::set<std::int64_t> intact;
  for (;;) {
    TRY_ASSIGN(const bool more, rows.step());
    if (!more) break;
    const StoredRow row = read_row(table, rows);
    const std::int64_t id = row.id & mask;
    const bool sound = row.intact && (intact.contains(id) || (this->*take)(id, row.cells));
    (sound ? intact : damaged).insert(id);
  }
  const auto lost = std::ranges::count_if(damaged, [&](auto id) { return !intact.contains(id); });
  if (!damaged.empty())
    notes.push_back(
        fmt::format("{} of the table '{}' damaged; left out for want of a whole copy: {}",
                    counted(damaged.size(), "row"), table.name, lost));
  return {};
}

bool Archive::take_info(std::int64_t, std::span<const Cell> cells) {
  const auto key = cell_as<std::string_view>(cells[0]);
  const auto value = cell_as<std::string_view>(cells[1]);
  if (!key || !value) return false;
  if (*key == kFinishedKey)
    finished_windows = std::strtoll(std::string(*value).c_str(), nullptr, 10);
  read_info_value(*key, *value, provenance, origin);
  return true;
}

bool Archive::take_word(std::int64_t, std::span<const Cell> cells) {
  const auto kind = cell_as<std::string_view>(cells[0]);
  const auto code = cell_as<std::int64_t>(cells[1]);
  const auto word = cell_as<std::string_view>(cells[2]);
  if (!kind || !code || !word || *code < 0 || *code > 255) return false;
  vocabulary.learn_word(*kind, static_cast<std::uint8_t>(*code), *word);  // new words are no damage
  return true;
}

bool Archive::take_stream(std::int64_t id, std::span<const Cell> cells) {
  const auto name = cell_as<std::string_view>(cells[0]);
  const auto unit = cell_as<std::string_view>(cells[1]);
  if (!name || !unit || id < 0 || id >= kStreamLimit) return false;
  const auto stream = static_cast<std::uint32_t>(id);
  stream_names_[stream] = std::string(*name);
  if (stream >= kFirstMetricStream && stream != kWindowsCopyStream)
    vocabulary.learn_stream(stream, *name, *unit);  // metrics that this program lacks stay unread
  return true;
}

bool Archive::take_device(std::int64_t id, std::span<const Cell> cells) {
  auto facts = read_device(cells);
  if (!facts || id < 0 || id >= kDeviceLimit) return false;
  if (devices.size() <= static_cast<std::size_t>(id))
    devices.resize(static_cast<std::size_t>(id) + 1);
  devices[static_cast<std::size_t>(id)] = std::move(*facts);
  return true;
}

bool Archive::take_event(std::int64_t, std::span<const Cell> cells) {
  const auto at = cell_as<std::int64_t>(cells[0]);
  const auto device = cell_as<std::int64_t>(cells[1]);
  const auto kind = cell_as<std::string_view>(cells[2]);
  const auto text = cell_as<std::string_view>(cells[3]);
  if (!at || !device || !kind || !text) return false;
  events.push_back({{*at}, static_cast<int>(*device), std::string(*kind), std::string(*text)});
  return true;
}

Status Archive::load_segments() {
  TRY_ASSIGN(Statement next,
             database_->prepare("SELECT id FROM chunk WHERE id >= ? ORDER BY id LIMIT 1"));
  for (std::int64_t number = 0; number < kSegmentLimit;) {
    const std::array<Cell, 1> from{chunk_id(number, 0, 0)};
    next.bind(from);
    TRY_ASSIGN(const bool found, next.step());
    if (!found) break;
    number = next.integer(0) >> 24;
    next.reset();
    if (!index_segment(number))
      notes.push_back(
          fmt::format("the times of segment {} are damaged; its windows were left out", number));
    ++number;
  }
  return {};
}

bool Archive::index_segment(std::int64_t number) {
  for (const std::uint32_t stream : {kWindowsStream, kWindowsCopyStream}) {
    if (fetch(chunk_id(number, stream, 0)) != Found::yes) continue;
    std::vector<std::int64_t> at_ns;
    if (!decode_times(found_, codec, at_ns)) continue;
    if (static_cast<std::int64_t>(at_ns.size()) != found_count_) continue;
    return add_segment(number, found_first_, std::move(at_ns));
  }
  return false;
}

bool Archive::add_segment(std::int64_t number, std::int64_t first,
                          std::vector<std::int64_t> times) {
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max() / 2;
  if (first < 0 || first > kFar || times.empty()) return false;
  const auto [low, high] = std::ranges::minmax(times);
  segments.push_back({number, first, times.size(), low, high, std::ranges::is_sorted(times)});
  if (times_kept_ + times.size() <= kTimesKept) {
    times_kept_ += times.size();
    times_[number] = std::move(times);
  }
  return true;
}

Status Archive::load_tail() {
  TRY_ASSIGN(Statement rows, database_->prepare(select_from(kTail) + " ORDER BY id"));
  std::vector<Blob> group;
  std::int64_t first = 0;
  const auto flush = [&] {
    if (!group.empty()) pack_tail(first, group);
    group.clear();
  };
  for (;;) {
    TRY_ASSIGN(const bool more, rows.step());
    if (!more) break;
    const StoredRow row = read_row(kTail, rows);
    const auto data = cell_as<BlobView>(row.cells[1]);
    if (!row.intact || !data || !open_window(*data)) {
      notes.push_back(fmt::format("window {} is damaged and was left out", row.id));
      continue;
    }
    if (covered(row.id)) continue;
    if (group.size() >= kTailWindows || row.id != first + static_cast<std::int64_t>(group.size()))
      flush();
    if (group.empty()) first = row.id;
    group.emplace_back(data->begin(), data->end());
  }
  flush();
  return {};
}

void Archive::pack_tail(std::int64_t first, std::span<const Blob> rows) {
  const std::int64_t number =
      std::max(segments.empty() ? 0 : segments.back().number + 1, kSegmentLimit);
  std::vector<std::int64_t> times;
  for (Chunk& chunk : build_segment(rows, vocabulary, codec)) {
    if (chunk.stream == kWindowsStream) decode_times(chunk.data, codec, times);
    packed_[chunk_id(number, chunk.stream, chunk.device)] = std::move(chunk.data);
  }
  add_segment(number, first, std::move(times));
}

bool Archive::covered(std::int64_t window) const {
  return std::ranges::any_of(segments, [&](const SegmentInfo& s) {
    return window >= s.first && window < s.first + static_cast<std::int64_t>(s.count);
  });
}

void Archive::drop_overlaps() {
  std::ranges::stable_sort(segments, {}, &SegmentInfo::first);
  std::int64_t end = 0;
  std::erase_if(segments, [&](const SegmentInfo& s) {
    if (s.first < end) return true;
    end = s.first + static_cast<std::int64_t>(s.count);
    return false;
  });
}

void Archive::note_gaps() {
  std::int64_t expected = 0;
  const auto note = [&](std::int64_t until) {
    if (until > expected)
      notes.push_back(fmt::format("windows {} to {} are missing", expected, until - 1));
  };
  for (const SegmentInfo& segment : segments) {
    note(segment.first);
    expected = segment.first + static_cast<std::int64_t>(segment.count);
  }
  note(finished_windows.value_or(0));
}

// A file may lack its end where nothing was kept: then only its size tells.
Status Archive::note_cut() {
  if (salvaged_) return {};
  TRY_ASSIGN(Statement count, database_->prepare("PRAGMA page_count"));
  TRY_ASSIGN(const bool known, count.step());
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  if (known && !error && size < static_cast<std::uintmax_t>(count.integer(0)) * kPageSize)
    notes.emplace_back("the file is shorter than it says");
  return {};
}

// SQLite's tree is broken somewhere that open() did not touch: go on with what the pages hold.
bool Archive::switch_to_salvage() {
  salvaged_ = true;
  auto scratch = Database::open_scratch();
  if (!scratch || !carve_pages(path_, *scratch)) return false;
  auto find = scratch->prepare(select_from(kChunk) + " WHERE id = ?");
  if (!find) return false;
  find_chunk_ = std::move(*find);
  database_ = std::move(*scratch);
  return true;
}

Archive::Found Archive::fetch(std::int64_t id) {
  const std::array<Cell, 1> key{id};
  find_chunk_->reset();
  find_chunk_->bind(key);
  auto step = find_chunk_->step();
  if (!step && step.error().code == ErrorCode::corrupt && !salvaged_) {
    if (!switch_to_salvage()) return Found::damaged;
    find_chunk_->bind(key);
    step = find_chunk_->step();
  }
  if (!step) return Found::damaged;
  if (!*step) return Found::no;
  const StoredRow row = read_row(kChunk, *find_chunk_);
  const auto first = cell_as<std::int64_t>(row.cells[0]);
  const auto count = cell_as<std::int64_t>(row.cells[1]);
  const auto data = cell_as<BlobView>(row.cells[2]);
  const bool sound = row.intact && data;
  if (sound) {
    found_first_ = first.value_or(-1);
    found_count_ = count.value_or(-1);
    found_.assign(data->begin(), data->end());
  }
  find_chunk_->reset();
  return sound ? Found::yes : Found::damaged;
}

std::optional<BlobView> Archive::chunk(const SegmentInfo& segment, std::uint32_t stream,
                                       std::uint32_t device, bool expected) {
  const std::int64_t id = chunk_id(segment.number, stream, device);
  if (segment.number >= kSegmentLimit) {
    const auto it = packed_.find(id);
    if (it == packed_.end()) return std::nullopt;
    return BlobView(it->second);
  }
  const Found found = fetch(id);
  if (found == Found::yes) return BlobView(found_);
  if (found != Found::no || expected) note_damage(segment, stream, device);
  return std::nullopt;
}

const std::vector<std::int64_t>& Archive::times(const SegmentInfo& segment) {
  if (const auto it = times_.find(segment.number); it != times_.end()) return it->second;
  std::vector<std::int64_t> at_ns;
  for (const std::uint32_t stream : {kWindowsStream, kWindowsCopyStream}) {
    const auto data = chunk(segment, stream, 0, true);
    if (data && decode_times(*data, codec, at_ns) && at_ns.size() == segment.count) break;
    at_ns.clear();
  }
  // It was readable at open; a file damaged since then repeats the segment's first time.
  at_ns.resize(segment.count, segment.min_at_ns);
  if (times_kept_ + at_ns.size() > kTimesKept) {
    times_.clear();
    times_kept_ = 0;
  }
  times_kept_ += at_ns.size();
  return times_[segment.number] = std::move(at_ns);
}

std::string Archive::name_of(std::uint32_t stream) const {
  switch (stream) {
    case kWindowsStream:
    case kWindowsCopyStream: return "the recorder's own cost";
    case kDeviceStream: return "the state";
    case kProcessStream: return "the processes";
    default: break;
  }
  const auto name = stream_names_.find(stream);
  return name != stream_names_.end() ? name->second
                                     : fmt::format("metric {}, whose name is lost,", stream);
}

void Archive::note_nameless(const SegmentInfo& segment, std::uint32_t device,
                            std::span<const std::uint32_t> streams) {
  for (const std::uint32_t stream : streams)
    if (stream >= kFirstMetricStream && !stream_names_.contains(stream))
      note_damage(segment, stream, device);
}

void Archive::note_damage(const SegmentInfo& segment, std::uint32_t stream, std::uint32_t device) {
  if (!damaged_.insert(chunk_id(segment.number, stream, device)).second) return;
  ++lost_chunks;
  const bool of_device = stream != kWindowsStream && stream != kWindowsCopyStream;
  const std::string what =
      name_of(stream) + (of_device ? fmt::format(" of device {}", device) : "");
  if (!first_lost) first_lost = what;
  if (notes.size() >= kMaxNotes) return;
  notes.push_back(fmt::format("{} is damaged in windows {} to {} ({} to {}) and was left out", what,
                              segment.first,
                              segment.first + static_cast<std::int64_t>(segment.count) - 1,
                              clock_text(segment.min_at_ns), clock_text(segment.max_at_ns)));
}

}  // namespace assay::store
