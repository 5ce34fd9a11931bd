// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/sample/repeats.hpp"
#include "assay/sample/sample.hpp"
#include "assay/store/provenance.hpp"

namespace assay::store {

// min, mean and max of the usable readings whose window ends in one step. Without any, count is 0
// and the others are NaN: a gap, never 0.
struct Bucket {
  std::int64_t count = 0;
  double min = std::numeric_limits<double>::quiet_NaN();
  double mean = std::numeric_limits<double>::quiet_NaN();
  double max = std::numeric_limits<double>::quiet_NaN();
};

// Bucket k spans [from + k * step, from + (k + 1) * step). Values in the metric's base unit.
struct Series {
  sample::WallTime from;
  Seconds step{0};
  std::vector<Bucket> buckets;
};

class Cursor;

// One .assay file, read only: it is never created and never changed, but for the roll-back of what
// a killed recorder left half done. Memory is bounded by the size of a segment, not of the file.
// A recording still being written shows what was committed when it was opened. One thread at a
// time; copies of nothing: move only.
class Recording {
 public:
  // not_found, no_permission, io; invalid_argument: not a recording; version_refused: written by a
  // newer assay; corrupt: damaged beyond saving. A damaged file that can be saved in part opens,
  // and salvage_notes() says what is gone.
  static Result<Recording> open(const std::filesystem::path& path);
  ~Recording();
  Recording(Recording&&) noexcept;
  Recording& operator=(Recording&&) noexcept;

  [[nodiscard]] const Provenance& provenance() const;
  // Whose values these are: a device's or a simulation's. Snapshots come out stamped
  // origin() = {recording, file name} all the same.
  [[nodiscard]] const sample::Origin& recorded_origin() const;
  [[nodiscard]] const sample::Origin& origin() const;
  [[nodiscard]] const std::vector<sample::DeviceFacts>& devices() const;
  [[nodiscard]] const std::vector<sample::Event>& events() const;  // by time
  // The recorder closed it; else it was killed or is still at work.
  [[nodiscard]] bool finished() const;

  // One sentence for each thing found damaged so far. Chunks are checked when they are read:
  // verify() reads them all.
  [[nodiscard]] const std::vector<std::string>& salvage_notes() const;
  // All of it in one sentence, without the file's name: what could be saved and what not. Nothing
  // if nothing was found damaged so far.
  [[nodiscard]] std::optional<std::string> damage() const;
  void verify();

  [[nodiscard]] std::int64_t window_count() const;
  [[nodiscard]] std::optional<sample::WallTime> first_time() const;  // ends of windows
  [[nodiscard]] std::optional<sample::WallTime> last_time() const;

  // Snapshots in the order of recording, from the first that ends at `from` or later. The cursor
  // must not outlive the recording. Readings that an older assay wrote into every window until the
  // next round are stale in all but the first (sample::Repeats).
  Cursor cursor(sample::WallTime from = {std::numeric_limits<std::int64_t>::min()});

  // The window that contains t, else the last before it; not_found where there is none.
  Result<sample::Snapshot> at(sample::WallTime t);

  // `device` is a position in devices(). invalid_argument if there is no such device, `to` is not
  // after `from`, or from..to makes no buckets or more than ten million.
  Result<Series> series(std::size_t device, metric::Id id, sample::WallTime from,
                        sample::WallTime to, Seconds step);

 private:
  friend class Cursor;
  class Impl;
  explicit Recording(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Cursor {
 public:
  // The next snapshot; nullopt after the last. What is damaged comes out as unknown readings.
  Result<std::optional<sample::Snapshot>> next();

 private:
  friend class Recording;
  Cursor(Recording::Impl& recording, std::size_t segment, std::size_t window)
      : recording_(&recording), segment_(segment), window_(window) {}
  Recording::Impl* recording_;
  std::size_t segment_;
  std::size_t window_;
  sample::Repeats repeats_;
  bool begun_ = false;
};

}  // namespace assay::store
