// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "assay/sample/tick.hpp"

namespace assay::sample {

// What the ticks of a look add up to, whatever becomes of the ticks themselves: enough for means
// and for the duty. Ticks are added in time order, each weighs as long as it is, and a channel that
// was not measured in a tick is left out of its own sums alone.
class TickSums {
 public:
  struct Sum {
    double weight = 0;
    double value = 0;  // times its weight
    void add(double v, double by) {
      weight += by;
      value += v * by;
    }
    [[nodiscard]] double mean() const { return value / weight; }
  };

  void add(const Tick& tick);

  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] Seconds time() const { return Seconds(time_ns_ * 1e-9); }
  [[nodiscard]] const Sum& channel(Channel channel) const {
    return channels_[static_cast<std::size_t>(channel)];
  }
  // SM active over the ticks with any SM active (0.1 % and more) …
  [[nodiscard]] const Sum& on() const { return on_; }
  // … and over those of them that lie between two such: no edge of the work is in them.
  [[nodiscard]] const Sum& inner() const { return inner_; }
  // While an SM was active: lanes, by instructions, and issue slots of the active SMs, by SM time.
  [[nodiscard]] const Sum& lanes_while_active() const { return lanes_; }
  [[nodiscard]] const Sum& issue_while_active() const { return issue_; }

 private:
  void add_duty(double active, double length);
  void add_while_active(const Tick& tick, double active, double length);

  std::int64_t count_ = 0;
  double time_ns_ = 0;
  std::array<Sum, kChannelCount> channels_{};
  Sum on_;
  Sum inner_;
  Sum lanes_;
  Sum issue_;
  // The tick before: whether it was on, and it if it is inner should the next be on.
  bool was_on_ = false;
  Sum maybe_inner_;
};

}  // namespace assay::sample
