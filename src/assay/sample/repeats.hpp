// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

#include "assay/sample/sample.hpp"

namespace assay::sample {

// Some readings are made now and then only and shown until the next: the driver's sample buffer,
// shares of time by process. A meter that is older than the state for that wrote them into every
// window as if they had been measured in it. What is over another time than its window and is word
// for word that of the window before (value and window) has not been read again: it becomes stale,
// reason between-rounds. What was read in its window can't be so by chance, but where two whole
// rounds of a minute are alike to the nanosecond. One recording, in its order; one thread.
class Repeats {
 public:
  // The snapshot with such readings made stale, held against the one that was given before.
  void mark(Snapshot& snapshot);
  // Remembers the snapshot alone, for the next.
  void remember(const Snapshot& snapshot);

 private:
  struct Before {
    std::array<Reading<double>, metric::kCount> readings{};
    std::unordered_map<std::int64_t, Reading<Ratio>> shares;  // by pid
  };
  std::unordered_map<int, Before> before_;  // by index of the device
};

}  // namespace assay::sample
