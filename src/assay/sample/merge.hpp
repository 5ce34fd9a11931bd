// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <span>

#include "assay/sample/sample.hpp"

namespace assay::sample {

// Consecutive windows of one device made into one window, in bounded memory. Rates and shares
// become the mean weighted by window over the windows that have a sound value (`derived`, its own
// window the sum of theirs); what only the moment tells (clocks, memory, counters, processes) is
// the last sound value. A reading sound in no window keeps the state and reason of the last one.
// Windows must come in time order. One thread.
class Merger {
 public:
  void add(const Sample& window);

  [[nodiscard]] bool empty() const { return !merged_; }
  // All windows so far as one. Needs at least one.
  [[nodiscard]] Sample result() const;

 private:
  struct Mean {
    double weighted = 0;
    Seconds total{0};  // of the weights
    Seconds seen{0};   // of the readings' own windows
    int sound = 0;
  };
  std::optional<Sample> merged_;
  std::array<Mean, metric::kCount> means_{};
};

// The same for windows at hand. Needs at least one.
Sample merge(std::span<const Sample> windows);

}  // namespace assay::sample
