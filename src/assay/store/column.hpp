// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "assay/sample/reading.hpp"
#include "assay/store/precision.hpp"

namespace assay::store {

// Windows of readings vary in their last nanosecond from sample to sample, and many metrics share
// them. A track is one such sequence for one device and chunk; track 0 holds the samples' own
// windows. A reading names its window by reference, so that a shared one is stored once.
class WindowTracks {
 public:
  // How a reading names its window: none (0 s), a fixed number of seconds, or the value of a track.
  enum class Kind : std::uint8_t { zero = 0, fixed = 1, track = 2 };
  struct Reference {
    Kind kind = Kind::zero;
    double fixed = 0;
    std::size_t track = 0;
    friend bool operator==(const Reference&, const Reference&) = default;
  };

  WindowTracks() = default;
  explicit WindowTracks(std::vector<double> sample_windows);

  // One reference for each reading; adds a track if the windows vary in a way not seen before.
  std::vector<Reference> refer(std::span<const sample::Reading<double>> readings);

  // 0 where the track or the position is not there (its chunk was damaged).
  [[nodiscard]] double at(std::size_t track, std::size_t i) const;
  [[nodiscard]] double resolve(const Reference& reference, std::size_t i) const;

  // at_ns: the times of the samples, from which windows can be foretold but for the jitter between
  // two clocks. Both must be given the same.
  void encode(std::span<const std::int64_t> at_ns, IntegerCodec& codec, ByteWriter& out) const;
  bool decode(std::span<const std::int64_t> at_ns, ByteReader& in, IntegerCodec& codec);

 private:
  std::size_t find_or_add(std::vector<double> windows);

  std::vector<std::vector<double>> tracks_;  // NaN = no reading uses this position
};

// Readings of one metric of one device as they lie in a chunk. State, reason and source are codes
// of the file's own `word` table.
struct Column {
  struct Run {
    std::size_t begin = 0;        // first window of the run; it ends where the next begins
    std::size_t value_begin = 0;  // where its values start in `numbers`, if it has any
    bool has_value = false;
    std::uint8_t state = 0;
    std::uint8_t reason = 0;
    std::uint8_t source = 0;
    WindowTracks::Reference window;
  };
  std::size_t count = 0;
  std::vector<Run> runs;  // empty only if count is 0
  Numbers numbers;

  // i < count.
  [[nodiscard]] const Run& run_of(std::size_t i) const;
};

void encode_column(std::span<const sample::Reading<double>> readings, Precision precision,
                   WindowTracks& tracks, IntegerCodec& codec, ByteWriter& out);

// False if the bytes are not a column, whatever they are: no input crashes it or makes it allocate
// more than kMaxCount values. Leaves the reader behind the column.
bool decode_column(ByteReader& in, IntegerCodec& codec, Column& column);

}  // namespace assay::store
