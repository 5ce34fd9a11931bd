// SPDX-License-Identifier: Apache-2.0
#include "assay/store/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <vector>

#include "assay/base/counted.hpp"
#include "assay/store/new_file.hpp"
#include "assay/store/schema.hpp"
#include "assay/store/segment.hpp"
#include "assay/store/window_row.hpp"

namespace assay::store {
namespace {

using Clock = std::chrono::steady_clock;

// How long a reader may hold the file before waiting for it counts as a failure.
constexpr std::chrono::seconds kPatience(60);
// A window of a device takes some 5 KiB of memory until its segment is packed: 120 MiB of them.
constexpr std::size_t kMostDeviceWindows = 24576;
constexpr int kFinishTries = 25;  // of 0.2 s each
constexpr std::uintmax_t kMostToTidy = std::uintmax_t{64} << 20U;

bool is_busy(const Status& status) { return !status && status.error().code == ErrorCode::timeout; }

Status check(const RecorderOptions& options) {
  if (options.windows_per_segment >= 1 && options.windows_per_segment <= kMaxCount) return {};
  return Error{ErrorCode::invalid_argument,
               fmt::format("cannot record: {} windows per segment is outside 1..{}",
                           options.windows_per_segment, kMaxCount)};
}

bool same_device(const sample::DeviceFacts& a, const sample::DeviceFacts& b) {
  return a.index == b.index && a.uuid == b.uuid;
}

}  // namespace

class Recorder::Impl {
 public:
  Impl(std::filesystem::path path, const RecorderOptions& options)
      : path_(std::move(path)), options_(options), vocabulary_(Vocabulary::current()) {}
  ~Impl() { close(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Status start(const Provenance& provenance, const sample::Origin& origin,
               std::span<const sample::DeviceFacts> devices) {
    TRY_ASSIGN(Database database, Database::open_to_write(path_));
    database_ = std::move(database);
    TRY(database_->execute(file_settings()));
    if (options_.max_bytes > 0) {
      const auto pages = options_.max_bytes / static_cast<std::int64_t>(kPageSize);
      TRY(database_->execute(
          fmt::format("PRAGMA max_page_count={}", std::max<std::int64_t>(pages, 1))));
    }
    TRY(database_->execute("BEGIN IMMEDIATE"));
    TRY(database_->execute(table_statements()));
    TRY(write_words(*database_));
    TRY(write_info(*database_, provenance, origin));
    TRY(prepare());
    for (const auto& facts : devices) TRY(register_device(facts));
    TRY(write_devices());
    TRY(database_->execute("COMMIT"));
    last_commit_ = Clock::now();
    return {};
  }

  Status add(const sample::Snapshot& snapshot) {
    TRY(usable());
    std::vector<std::uint32_t> ids;
    for (const auto& device : snapshot.devices) {
      TRY_ASSIGN(const std::uint32_t id, register_device(device.facts));
      ids.push_back(id);
      register_metrics(device.sample);
    }
    rows_.push_back(encode_window(snapshot, ids, vocabulary_));
    rows_at_ns_.push_back(snapshot.at.unix_ns);
    return commit_if_due();
  }

  Status add(const sample::Event& event) {
    TRY(usable());
    events_.push_back(event);
    return commit_if_due();
  }

  Status commit() {
    TRY(usable());
    return settle(write_all(false), kPatience);
  }

  Status finish() {
    TRY(usable());
    Status written = write_all(true);
    for (int i = 0; i < kFinishTries && is_busy(written); ++i) written = write_all(true);
    TRY(settle(written, {}));
    tidy();
    close();
    failure_ = Error{ErrorCode::invalid_argument,
                     fmt::format("cannot add to '{}': the recording is finished", path_.string())};
    return {};
  }

  [[nodiscard]] std::int64_t committed() const { return committed_; }

  void abandon() {
    if (database_ && !failure_) static_cast<void>(write_all(false).ok());
  }

 private:
  // The tail has left free pages behind, and where chunks filled them the file is out of order: cut
  // off in the middle it would have lost the times, and with them everything. Written anew, what
  // lies before a cut can be read. That takes the file's size once more for its journal and for a
  // temporary file; one that is large has its segments in order already. Not worth failing for: the
  // recording is complete.
  void tidy() {
    writers_.reset();  // an open statement would be in the way
    std::error_code unknown;
    const auto size = std::filesystem::file_size(path_, unknown);
    const bool small = !unknown && size <= kMostToTidy;
    const std::string anew = fmt::format("PRAGMA synchronous={}; PRAGMA temp_store=FILE; VACUUM",
                                         options_.sync_segments ? "NORMAL" : "OFF");
    if (small && database_->execute(anew).ok()) return;
    static_cast<void>(database_->execute("PRAGMA incremental_vacuum").ok());
  }

  Status usable() const {
    if (failure_) return *failure_;
    return {};
  }

  Status prepare() {
    TRY_ASSIGN(RowWriter chunks, RowWriter::prepare(*database_, kChunk));
    TRY_ASSIGN(RowWriter tail, RowWriter::prepare(*database_, kTail));
    TRY_ASSIGN(RowWriter events, RowWriter::prepare(*database_, kEvent));
    TRY_ASSIGN(RowWriter devices, RowWriter::prepare(*database_, kDevice));
    TRY_ASSIGN(RowWriter info, RowWriter::prepare(*database_, kInfo));
    TRY_ASSIGN(RowWriter streams, RowWriter::prepare(*database_, kStream));
    TRY_ASSIGN(Statement begin, database_->prepare("BEGIN IMMEDIATE"));
    TRY_ASSIGN(Statement commit, database_->prepare("COMMIT"));
    TRY_ASSIGN(Statement clear, database_->prepare("DELETE FROM tail WHERE id < ?"));
    writers_.emplace(Writers{std::move(chunks), std::move(tail), std::move(events),
                             std::move(devices), std::move(info), std::move(streams),
                             std::move(clear), std::move(begin), std::move(commit)});
    return {};
  }

  Result<std::uint32_t> register_device(const sample::DeviceFacts& facts) {
    const auto it =
        std::ranges::find_if(devices_, [&](const auto& d) { return same_device(d, facts); });
    const auto id = static_cast<std::uint32_t>(it - devices_.begin());
    if (it != devices_.end()) {
      if (*it == facts) return id;
      *it = facts;
    } else {
      if (id >= kDeviceLimit)
        return Error{ErrorCode::not_supported,
                     fmt::format("cannot record to '{}': a recording holds at most {} devices",
                                 path_.string(), kDeviceLimit)};
      devices_.push_back(facts);
    }
    new_devices_.push_back(id);
    return id;
  }

  // A metric gets its name in the file with its first reading: most recordings have half of them.
  void register_metrics(const sample::Sample& sample) {
    for (std::size_t m = 0; m < metric::kCount; ++m) {
      if (named_[m] || sample.readings[m] == sample::Reading<double>()) continue;
      named_[m] = true;
      new_metrics_.push_back(static_cast<metric::Id>(m));
    }
  }

  Status commit_if_due() {
    const bool full = rows_.size() >= options_.windows_per_segment;
    const std::chrono::duration<double> since = Clock::now() - last_commit_;
    if (!full && since.count() < options_.commit_every.value()) return {};
    return settle(write_all(false), kPatience);
  }

  // A failed transaction has been rolled back. A file that a reader holds is waited for; any other
  // failure is final, so that a recording never has a hole in the middle.
  Status settle(const Status& result, Clock::duration patience) {
    if (result || (is_busy(result) && Clock::now() - last_commit_ < patience)) return {};
    failure_ =
        Error{result.error().code,
              fmt::format(
                  "cannot write the recording '{}': {}; {}", path_.string(), result.error().message,
                  committed_ == 0 ? std::string("nothing of it was written yet")
                                  : fmt::format("what was committed so far, {}, can be read",
                                                counted(committed_, "window")))};
    close();
    return *failure_;
  }

  Status write_all(bool last) {
    // Waiting for the disk each second would stall sampling on a busy one, and a killed process
    // needs no such thing: only a power cut does, and then the last segment is where it ends.
    const bool sync = options_.sync_segments && to_pack(last) > 0;
    if (sync != synchronous_)
      TRY(database_->execute(sync ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=OFF"));
    synchronous_ = sync;
    TRY(writers_->begin.run({}));
    if (Status written = write_pending(last); !written) {
      static_cast<void>(database_->execute("ROLLBACK").ok());
      return written;
    }
    if (Status done = writers_->commit.run({}); !done) {
      static_cast<void>(database_->execute("ROLLBACK").ok());
      return done;
    }
    event_id_ += static_cast<std::int64_t>(events_.size());
    events_.clear();
    new_devices_.clear();
    new_metrics_.clear();
    const std::size_t packed = to_pack(last);
    committed_ = first_ + static_cast<std::int64_t>(rows_.size());
    in_tail_ = rows_.size() - packed;
    segment_ += static_cast<std::int64_t>((packed + options_.windows_per_segment - 1) /
                                          options_.windows_per_segment);
    first_ += static_cast<std::int64_t>(packed);
    const auto gone = static_cast<std::ptrdiff_t>(packed);
    rows_.erase(rows_.begin(), rows_.begin() + gone);
    rows_at_ns_.erase(rows_at_ns_.begin(), rows_at_ns_.begin() + gone);
    last_commit_ = Clock::now();
    return {};
  }

  // How many of the rows, from the front, become chunks in this commit.
  std::size_t to_pack(bool last) const {
    const std::size_t whole = rows_.size() / options_.windows_per_segment;
    return last ? rows_.size() : whole * options_.windows_per_segment;
  }

  // Everything pending, inside a transaction; changes no member but the file.
  Status write_pending(bool last) {
    TRY(write_devices());
    for (const metric::Id id : new_metrics_) TRY(write_stream(writers_->streams, id));
    std::int64_t event_id = event_id_;
    for (const auto& event : events_) {
      const std::array<Cell, 4> cells{event.at.unix_ns, std::int64_t{event.device}, event.kind,
                                      event.text};
      TRY(writers_->events.write(++event_id, cells));
    }
    const std::size_t packed = to_pack(last);
    std::int64_t segment = segment_;
    for (std::size_t done = 0; done < packed; ++segment) {
      const std::size_t count = std::min(options_.windows_per_segment, packed - done);
      TRY(write_segment(segment, done, count));
      done += count;
    }
    if (packed > 0 && in_tail_ > 0) {
      const std::array<Cell, 1> limit{first_ + static_cast<std::int64_t>(packed)};
      TRY(writers_->clear_tail.run(limit));
    }
    for (std::size_t i = std::max(packed, in_tail_); i < rows_.size(); ++i) {
      const std::array<Cell, 2> cells{rows_at_ns_[i], BlobView(rows_[i])};
      TRY(writers_->tail.write(first_ + static_cast<std::int64_t>(i), cells));
    }
    if (!last) return {};
    const std::int64_t windows = first_ + static_cast<std::int64_t>(rows_.size());
    return write_info_value(writers_->info, kFinishedKey, fmt::format("{}", windows));
  }

  Status write_segment(std::int64_t segment, std::size_t begin, std::size_t count) {
    const auto rows = std::span<const Blob>(rows_).subspan(begin, count);
    for (const Chunk& chunk : build_segment(rows, vocabulary_, codec_)) {
      // The others' span is that of their segment; 100 KB a day to say it again.
      const bool times = chunk.stream == kWindowsStream || chunk.stream == kWindowsCopyStream;
      const Cell first = times ? Cell(first_ + static_cast<std::int64_t>(begin)) : Cell();
      const Cell length = times ? Cell(static_cast<std::int64_t>(count)) : Cell();
      const std::array<Cell, 3> cells{first, length, BlobView(chunk.data)};
      TRY(writers_->chunks.write(chunk_id(segment, chunk.stream, chunk.device), cells));
    }
    return {};
  }

  Status write_devices() {
    for (const std::uint32_t id : new_devices_)
      TRY(write_device(writers_->devices, id, devices_[id]));
    return {};
  }

  // The journal goes, too. Where it can't, it is empty, and any reader passes it over.
  void close() {
    writers_.reset();
    if (!database_) return;
    static_cast<void>(database_->execute("ROLLBACK").ok());  // where a transaction broke off
    static_cast<void>(database_->execute("PRAGMA journal_mode=DELETE").ok());
    database_.reset();
  }

  struct Writers {
    RowWriter chunks;
    RowWriter tail;
    RowWriter events;
    RowWriter devices;
    RowWriter info;
    RowWriter streams;
    Statement clear_tail;
    Statement begin;
    Statement commit;
  };

  std::filesystem::path path_;
  RecorderOptions options_;
  Vocabulary vocabulary_;
  IntegerCodec codec_;
  std::optional<Database> database_;
  std::optional<Writers> writers_;  // after database_: statements go first
  std::optional<Error> failure_;

  std::vector<sample::DeviceFacts> devices_;
  std::vector<std::uint32_t> new_devices_;
  std::array<bool, metric::kCount> named_{};  // metrics whose name the file has, or will have next
  std::vector<metric::Id> new_metrics_;
  std::vector<sample::Event> events_;
  std::vector<Blob> rows_;  // windows first_, first_ + 1, ... not in chunks yet
  std::vector<std::int64_t> rows_at_ns_;
  std::size_t in_tail_ = 0;  // so many of rows_ are committed as tail rows
  std::int64_t first_ = 0;
  std::int64_t segment_ = 0;
  std::int64_t event_id_ = 0;
  std::int64_t committed_ = 0;
  bool synchronous_ = false;  // as file_settings() has it
  Clock::time_point last_commit_;
};

Recorder::Recorder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Recorder::~Recorder() { impl_->abandon(); }

Result<std::unique_ptr<Recorder>> Recorder::create(const std::filesystem::path& path,
                                                   const Provenance& provenance,
                                                   const sample::Origin& origin,
                                                   std::span<const sample::DeviceFacts> devices,
                                                   const RecorderOptions& options) {
  TRY(check(options));
  TRY(make_empty_file(path));
  RecorderOptions bounded = options;
  const std::size_t most = kMostDeviceWindows / std::max<std::size_t>(devices.size(), 1);
  bounded.windows_per_segment =
      std::min(options.windows_per_segment, std::max<std::size_t>(most, 1));
  auto impl = std::make_unique<Impl>(path, bounded);
  if (const Status started = impl->start(provenance, origin, devices); !started) {
    impl.reset();
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    return started.error().within(fmt::format("cannot record to '{}'", path.string()));
  }
  return std::unique_ptr<Recorder>(new Recorder(std::move(impl)));
}

Status Recorder::add(const sample::Snapshot& snapshot) { return impl_->add(snapshot); }
Status Recorder::add(const sample::Event& event) { return impl_->add(event); }
Status Recorder::commit() { return impl_->commit(); }
std::int64_t Recorder::committed() const { return impl_->committed(); }
Status Recorder::finish() { return impl_->finish(); }

}  // namespace assay::store
