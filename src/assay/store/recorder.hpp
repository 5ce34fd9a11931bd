// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "assay/base/result.hpp"
#include "assay/sample/sample.hpp"
#include "assay/store/provenance.hpp"

namespace assay::store {

// The defaults are right; tests make all of it small.
struct RecorderOptions {
  // 1..65536: tail rows become chunks at this many; at fewer where there are more than 20 devices,
  // or memory would not be bounded.
  std::size_t windows_per_segment = 1200;
  Seconds commit_every{1};
  std::int64_t max_bytes = 0;  // size at which the file counts as full; 0 = as the disk allows
  bool sync_segments = true;   // each segment waits for the disk, so that a power cut spares it
};

// Writes one .assay file. One thread at a time.
// What add() was given is on its way to the file at the first add() or commit() that comes
// `commit_every` or more after the commit before, so that a killed process loses at most that plus
// one period. Call commit() where no add() is to come for a while.
class Recorder {
 public:
  // Makes a new file; one that is there already is left alone (invalid_argument).
  static Result<std::unique_ptr<Recorder>> create(const std::filesystem::path& path,
                                                  const Provenance& provenance,
                                                  const sample::Origin& origin,
                                                  std::span<const sample::DeviceFacts> devices,
                                                  const RecorderOptions& options = {});
  // Commits what it still can; only finish() says how that went.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // A device not named at create() is added on the way; the facts known last are kept.
  // Fails with io on a full disk, and with the same error ever after: everything committed stays
  // readable. A file locked by a reader is no error for a minute: the commit is tried again later.
  Status add(const sample::Snapshot& snapshot);
  Status add(const sample::Event& event);
  Status commit();
  // Windows that are in the file for good; after a failure, too.
  [[nodiscard]] std::int64_t committed() const;

  // Commits, turns the tail into chunks, gives free space back and closes: one file is left, marked
  // as finished. Later calls of add() fail.
  Status finish();

 private:
  class Impl;
  explicit Recorder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::store
