// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "assay/sample/tick.hpp"
#include "assay/sample/tick_sums.hpp"
#include "assay/units/units.hpp"

namespace assay::sample {

// What a look did not bring.
struct Losses {
  std::int64_t lost = 0;       // ticks of the time asked for that did not arrive
  std::int64_t discarded = 0;  // first ticks after a start, which began before it
  int overflows = 0;           // times that the device's buffer ran over
  std::string ended;           // why it ended before its time; empty where it did not
};

// Consecutive ticks of one device, in time order; a gap in time is where lost ones would have been.
// Its memory is bounded: of a long look neighbouring ticks are merged, 2, 4, 8, … into one, and the
// sums alone are still of each tick.
class Timeline {
 public:
  static constexpr std::size_t kMostTicks = 500'000;

  Seconds interval{0};  // as asked for
  std::vector<Channel> channels;
  Losses losses;

  // `most`: ticks that are kept, at least 4.
  explicit Timeline(std::size_t most = kMostTicks) : most_(most) {}

  void add(const Tick& tick);
  [[nodiscard]] std::span<const Tick> ticks() const { return ticks_; }
  // How many ticks each of ticks() is the mean of, but where a gap or the end is near.
  [[nodiscard]] int merged() const { return merged_; }
  [[nodiscard]] const TickSums& sums() const { return sums_; }

 private:
  void halve();

  std::size_t most_;
  std::vector<Tick> ticks_;
  int merged_ = 1;
  int in_last_ = 0;  // ticks that the last one is made of
  TickSums sums_;
};

}  // namespace assay::sample
