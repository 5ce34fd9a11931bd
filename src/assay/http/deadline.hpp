// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "assay/units/units.hpp"

namespace assay::http {

// A moment on the steady clock by which all of a task must be done.
class Deadline {
 public:
  explicit Deadline(Seconds from_now)
      : end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                std::chrono::duration<double>(from_now.value()))) {}

  [[nodiscard]] std::chrono::steady_clock::time_point end() const { return end_; }
  // For poll(): rounded up, 0 once it is over.
  [[nodiscard]] int milliseconds_left() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now()).count();
    return left < 0 ? 0 : static_cast<int>(left < 1'000'000'000 ? left : 1'000'000'000);
  }
  [[nodiscard]] bool over() const { return Clock::now() >= end_; }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point end_;
};

}  // namespace assay::http
