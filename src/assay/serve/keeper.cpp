// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/keeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace assay::serve {
namespace {

// So many windows of all devices together wait in memory to become a segment: 2 MiB.
constexpr std::size_t kDeviceWindows = 400;

std::int64_t nanoseconds(Seconds time) { return std::llround(time.value() * 1e9); }

store::RecorderOptions recorder_options(const KeeperOptions& options, std::size_t devices) {
  store::RecorderOptions recorder;
  recorder.windows_per_segment =
      std::clamp<std::size_t>(kDeviceWindows / std::max<std::size_t>(devices, 1), 16, 1200);
  recorder.max_bytes = options.max_bytes;
  recorder.commit_every = options.commit_every;
  return recorder;
}

}  // namespace

Result<std::unique_ptr<Keeper>> Keeper::open(const KeeperOptions& options,
                                             const store::Provenance& provenance,
                                             const sample::Origin& origin,
                                             std::vector<sample::DeviceFacts> devices, Say say) {
  if (options.retain_bytes < kLeastRetained)
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("--retain-bytes {} holds no history; give 4MB or more", options.retain_bytes)};
  TRY_ASSIGN(FolderLock lock, FolderLock::take(options.folder));
  return std::unique_ptr<Keeper>(
      new Keeper(options, std::move(lock), provenance, origin, std::move(devices), std::move(say)));
}

Keeper::Keeper(KeeperOptions options, FolderLock lock, store::Provenance provenance,
               sample::Origin origin, std::vector<sample::DeviceFacts> devices, Say say)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      provenance_(std::move(provenance)),
      origin_(std::move(origin)),
      devices_(std::move(devices)),
      say_(std::move(say)),
      chunks_(list_chunks(options_.folder)) {}

Keeper::~Keeper() { finish(); }

bool Keeper::must_rotate(std::int64_t at_ns) const {
  // Within a recording time goes on: a clock that was set back begins a new one.
  return recorder_ == nullptr || at_ns < last_at_ns_ ||
         at_ns - chunk_start_ns_ >= nanoseconds(options_.chunk);
}

void Keeper::add(const sample::Snapshot& snapshot, const std::vector<DerivedValues>& derived,
                 Commit commit) {
  const std::int64_t at_ns = snapshot.at.unix_ns;
  const bool waits = trouble() && at_ns >= failed_at_ns_ &&
                     at_ns - failed_at_ns_ < nanoseconds(options_.try_again);
  if (waits) ++unstored_;
  else note(record(snapshot, commit), at_ns);
  if (sums_ && recorder_) sums_->add(at_ns, derived);
}

Status Keeper::record(const sample::Snapshot& snapshot, Commit commit) {
  const std::int64_t at_ns = snapshot.at.unix_ns;
  if (must_rotate(at_ns)) {
    if (const Status rotated = rotate(at_ns); !rotated) return ++unstored_, rotated;
  }
  last_at_ns_ = at_ns;
  ++given_;
  const std::int64_t before = recorder_->committed();
  TRY(recorder_->add(snapshot));
  if (commit == Commit::at_once) TRY(recorder_->commit());
  if (recorder_->committed() != before) retain(at_ns);  // else it is as long as it was
  return {};
}

void Keeper::add(const sample::Event& event) {
  if (recorder_) note(recorder_->add(event), event.at.unix_ns);
}

void Keeper::commit() {
  if (!recorder_) return;
  note(recorder_->commit(), last_at_ns_);
  if (recorder_) retain(last_at_ns_);
}

Status Keeper::rotate(std::int64_t at_ns) {
  close_chunk();
  const std::int64_t number = chunks_.empty() ? 1 : chunks_.back().number + 1;
  const Chunk chunk = make_chunk(options_.folder, number, at_ns);
  provenance_.started = {at_ns};
  auto recorder = store::Recorder::create(chunk.recording(), provenance_, origin_, devices_,
                                          recorder_options(options_, devices_.size()));
  if (!recorder) {
    chunk.remove();
    return recorder.error();
  }
  recorder_ = *std::move(recorder);
  given_ = 0;
  std::vector<std::string> uuids;
  for (const sample::DeviceFacts& device : devices_) uuids.push_back(device.uuid);
  sums_ = std::make_unique<SumsWriter>(chunk.sums(), origin_, uuids);
  chunk_start_ns_ = at_ns;
  {
    const std::lock_guard lock(mutex_);
    chunks_ = list_chunks(options_.folder);
  }
  older_bytes_ = 0;
  for (std::size_t i = 0; i + 1 < chunks_.size(); ++i) older_bytes_ += chunks_[i].bytes();
  retain(at_ns);
  return {};
}

void Keeper::close_chunk() {
  if (recorder_) note(recorder_->finish(), last_at_ns_);
  recorder_.reset();
  if (sums_) sums_->flush();
  sums_.reset();
}

void Keeper::finish() { close_chunk(); }

// After each window: what is over the bound is what one commit wrote. The chunk that is being
// written is never taken away, but ends early where it alone is too large. This thread alone
// changes chunks_.
void Keeper::retain(std::int64_t now_ns) {
  if (chunks_.empty()) return;
  const std::int64_t newest = chunks_.back().bytes();
  const auto too_old = [&](const Chunk& chunk) {
    return chunk.end_ns < now_ns - nanoseconds(options_.retain_age);
  };
  while (chunks_.size() > 1 &&
         (older_bytes_ + newest > options_.retain_bytes || too_old(chunks_.front()))) {
    older_bytes_ -= chunks_.front().bytes();
    chunks_.front().remove();
    const std::lock_guard lock(mutex_);
    chunks_.erase(chunks_.begin());
  }
  if (newest > options_.retain_bytes / 8) chunk_start_ns_ = now_ns - nanoseconds(options_.chunk);
}

void Keeper::note(const Status& status, std::int64_t at_ns) {
  std::optional<std::string> before;
  {
    const std::lock_guard lock(mutex_);
    before = trouble_;
    trouble_ = status ? std::optional<std::string>() : status.error().message;
  }
  if (!status) {
    failed_at_ns_ = at_ns;
    if (recorder_) unstored_ += given_ - recorder_->committed();
    recorder_.reset();
    sums_.reset();
    if (!before) say_(status.error().message + "; serving goes on, history does not");
  } else if (before) {
    say_("the store can be written again");
  }
}

std::vector<Chunk> Keeper::chunks() const {
  const std::lock_guard lock(mutex_);
  return chunks_;
}

std::optional<std::string> Keeper::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

}  // namespace assay::serve
