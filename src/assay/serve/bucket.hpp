// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "assay/store/recording.hpp"

namespace assay::serve {

// Cuts [from, to) into steps, as store::Series does.
struct Grid {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;
  std::int64_t step_ns = 1;

  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>((to_ns - from_ns + step_ns - 1) / step_ns);
  }
  // Moves it by at most half a step, so that windows which end a step apart fall into the middle
  // of their steps: at an edge, the jitter of their ends would leave gaps. The one at `at_ns`, if
  // it was on the grid or ended it, is on it.
  void centre_on(std::int64_t at_ns) {
    const bool held = at_ns >= from_ns && at_ns <= to_ns;
    const std::int64_t phase = ((at_ns - from_ns) % step_ns + step_ns) % step_ns;
    const std::int64_t shift = phase - step_ns / 2;
    from_ns += shift;
    to_ns += shift;
    if (held && at_ns >= to_ns) to_ns += step_ns;
    if (held && at_ns < from_ns) from_ns -= step_ns;
  }
  [[nodiscard]] bool holds(std::int64_t at_ns) const { return at_ns >= from_ns && at_ns < to_ns; }
  [[nodiscard]] std::size_t place(std::int64_t at_ns) const {
    return static_cast<std::size_t>((at_ns - from_ns) / step_ns);
  }
};

// Both as one: the mean weighted by count.
inline void join(store::Bucket& into, const store::Bucket& more) {
  if (more.count == 0) return;
  if (into.count == 0) {
    into = more;
    return;
  }
  const auto a = static_cast<double>(into.count);
  const auto b = static_cast<double>(more.count);
  into.mean = (into.mean * a + more.mean * b) / (a + b);
  into.min = into.min < more.min ? into.min : more.min;
  into.max = into.max > more.max ? into.max : more.max;
  into.count += more.count;
}

// One metric of one device over a grid.
struct DeviceSeries {
  int device = 0;
  std::string_view uuid;
  std::string_view metric;
  std::string_view unit;
  std::vector<store::Bucket> buckets;
};

}  // namespace assay::serve
