// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace assay::probe::nvml {

// What has to be done for one device again and again. A device has two: the fast lane samples on
// the grid, the slow lane does what may take longer than a millisecond. A lane belongs to no
// thread: one at a time drives it, and it may be another one each time.
class Lane {
 public:
  static constexpr std::int64_t kAtOnce = INT64_MIN;
  static constexpr std::int64_t kNotYet = INT64_MAX;  // until something else has happened

  virtual ~Lane() = default;
  // When the next step is due, by the sampler's Clock. With Shared::mutex held.
  [[nodiscard]] virtual std::int64_t due_ns() const = 0;
  // Does it. Calls the driver, so it may hang: without the mutex.
  virtual void step() = 0;
  // Gives back what the driver lent; the last call. Without the mutex.
  virtual void close() = 0;
};

}  // namespace assay::probe::nvml
