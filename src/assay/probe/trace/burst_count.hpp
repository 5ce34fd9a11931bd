// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace assay::probe::trace {

// The bursts of one process: what share of it they saw. Where the driver numbers every launch,
// traced or not, the launches between the bursts are known exactly; else time tells.
class BurstCount {
 public:
  void open(std::uint64_t start);
  void close(std::uint64_t start, std::uint64_t end);
  // A launch seen in the burst that is open or was last. `numbered`: it has a number of its own;
  // the kernels of a graph have none.
  void launch(std::uint32_t number, bool numbered);
  // Tracing lasted until `ended`, 0 where that is not known. Once, at the end.
  void finish(std::uint64_t ended);

  // What to multiply sums by; 1 where all was traced.
  [[nodiscard]] double scale() const;
  // How unsure it is by itself, as a share of it (one standard error): the process may have ended
  // at any time of its last pause. What the bursts did not happen to see is not in it.
  [[nodiscard]] double scale_error() const;
  // Launches between the bursts are known, not reckoned by time.
  [[nodiscard]] bool by_number() const;
  [[nodiscard]] std::int64_t bursts() const { return bursts_; }
  [[nodiscard]] double launches() const { return launches_; }  // seen
  [[nodiscard]] double squares() const { return squares_; }    // of the launches of each burst
  // Seen in the burst that is open or was last.
  [[nodiscard]] double in_burst() const { return in_burst_; }

 private:
  // How far the numbers were when a burst that saw launches closed.
  struct Mark {
    std::uint64_t close = 0;
    std::uint64_t numbered = 0;
  };
  void settle();
  [[nodiscard]] double last_rate() const;  // launches a ns
  [[nodiscard]] double launches_of_the_last_pause() const;

  std::int64_t bursts_ = 0;
  double launches_ = 0;
  double squares_ = 0;
  double in_burst_ = 0;

  std::uint64_t first_open_ = 0;
  std::uint64_t last_close_ = 0;
  std::uint64_t last_seen_close_ = 0;       // of a burst that saw launches
  std::uint64_t open_after_last_seen_ = 0;  // 0: none yet
  Mark before_, last_;                      // of the last two such bursts
  std::uint64_t open_ns_ = 0;               // of all closed ones
  std::uint64_t ended_ = 0;

  bool unnumbered_ = false;
  std::uint32_t highest_ = 0;   // number so far, modulo 2^32
  std::uint64_t numbered_ = 0;  // launches up to that one
  std::uint32_t from_ = 0;      // of the burst: its lowest and highest number
  std::uint32_t to_ = 0;
  double covered_ = 0;  // numbers from the lowest to the highest, summed over bursts
};

}  // namespace assay::probe::trace
