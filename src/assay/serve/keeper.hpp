// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/sample/sample.hpp"
#include "assay/serve/chunk_list.hpp"
#include "assay/serve/derived.hpp"
#include "assay/serve/folder_lock.hpp"
#include "assay/serve/sums_file.hpp"
#include "assay/store/recorder.hpp"

namespace assay::serve {

struct KeeperOptions {
  std::string folder;
  std::int64_t retain_bytes = 1'000'000'000;
  Seconds retain_age{7 * 86400.0};
  Seconds chunk{3600};         // length of one recording
  Seconds commit_every{5};     // so much a killed daemon loses
  Seconds try_again{60};       // after a failure, a full disk for one
  std::int64_t max_bytes = 0;  // of one recording; 0: as the disk allows. For tests
};

// What keeps a store in bounds.
inline constexpr std::int64_t kLeastRetained = 4'000'000;

// A ring of recordings in one folder: the oldest go when all are too large or too old. Failing to
// write is no end: trouble() says so, unstored() counts what is lost, and it tries again. One
// thread, but for chunks(), trouble() and unstored().
class Keeper {
 public:
  using Say = std::function<void(const std::string&)>;

  // Errors as FolderLock::take, and for bounds too small. `say` gets one sentence when writing
  // begins to fail, and one when it works again.
  static Result<std::unique_ptr<Keeper>> open(const KeeperOptions& options,
                                              const store::Provenance& provenance,
                                              const sample::Origin& origin,
                                              std::vector<sample::DeviceFacts> devices, Say say);
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // At once: it can be read of the recording when this returns, for who looks at it now.
  enum class Commit { in_time, at_once };
  void add(const sample::Snapshot& snapshot, const std::vector<DerivedValues>& derived,
           Commit commit = Commit::in_time);
  void add(const sample::Event& event);
  // All that waits can be read of the recording when this returns.
  void commit();
  void finish();

  [[nodiscard]] std::vector<Chunk> chunks() const;
  [[nodiscard]] std::optional<std::string> trouble() const;
  // Windows given to add() that no recording holds: a full disk, or the wait after one.
  [[nodiscard]] std::int64_t unstored() const { return unstored_; }

 private:
  Keeper(KeeperOptions options, FolderLock lock, store::Provenance provenance,
         sample::Origin origin, std::vector<sample::DeviceFacts> devices, Say say);
  Status record(const sample::Snapshot& snapshot, Commit commit);
  Status rotate(std::int64_t at_ns);
  [[nodiscard]] bool must_rotate(std::int64_t at_ns) const;
  void close_chunk();
  void retain(std::int64_t now_ns);
  void note(const Status& status, std::int64_t at_ns);

  KeeperOptions options_;
  FolderLock lock_;
  store::Provenance provenance_;
  sample::Origin origin_;
  std::vector<sample::DeviceFacts> devices_;
  Say say_;
  std::unique_ptr<store::Recorder> recorder_;
  std::unique_ptr<SumsWriter> sums_;
  std::int64_t chunk_start_ns_ = 0;
  std::int64_t last_at_ns_ = 0;
  std::int64_t older_bytes_ = 0;  // of all chunks but the one that is written
  std::int64_t given_ = 0;        // windows, to recorder_
  std::int64_t failed_at_ns_ = 0;
  std::atomic<std::int64_t> unstored_ = 0;
  mutable std::mutex mutex_;  // of what follows
  std::vector<Chunk> chunks_;
  std::optional<std::string> trouble_;
};

}  // namespace assay::serve
