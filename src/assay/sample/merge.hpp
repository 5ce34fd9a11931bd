// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <span>

#include "assay/sample/sample.hpp"

namespace assay::sample {

// Consecutive windows of one device made into one window, in bounded memory. Rates and shares
// become the mean weighted by window over the windows that have a sound value (`derived`, or
// `estimated` where one of them is; its own window the sum of theirs, at most that of all); what
// only the moment tells (clocks, memory, counters, processes) is the last sound value; `held` is
// the share of the time in which a process was listed. A reading sound in no window keeps the state
// and reason of the last one. Windows without the device (lost, or it did not answer) hide nothing
// and are not hidden: where it was there in others, the merged window is ok, `trouble` says how
// many, and the time they leave is held's window. Windows must come in time order. One thread.
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
    std::optional<Reason> assumed;  // by one of them that is estimated
  };
  void add_held(const Sample& window);
  void set_gone(Sample& result) const;

  std::optional<Sample> merged_;
  // Lists of processes are of the end of a window: between two of them each stands for a half.
  std::optional<bool> held_;  // at the end of the last window whose list is known
  Seconds held_time_{0};
  Seconds held_seen_{0};
  int held_windows_ = 0;
  int windows_ = 0;
  int lost_ = 0;   // windows
  int stale_ = 0;  // windows
  std::array<Mean, metric::kCount> means_{};
};

// The same for windows at hand. Needs at least one.
Sample merge(std::span<const Sample> windows);

}  // namespace assay::sample
