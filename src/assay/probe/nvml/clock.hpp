// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "assay/sample/sample.hpp"

namespace assay::probe::nvml {

// Time as the sampler sees it. Windows, deadlines and the sampling grid use now_ns(), which no step
// of the host's clock can disturb; wall() only labels samples. Safe from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::int64_t now_ns() const = 0;  // monotonic, from an arbitrary zero
  [[nodiscard]] virtual sample::WallTime wall() const = 0;
  // Sleeps with `lock` released until cv is notified or now_ns() reaches until_ns. May wake early.
  virtual void wait_until(std::condition_variable& cv, std::unique_lock<std::mutex>& lock,
                          std::int64_t until_ns) = 0;
};

std::shared_ptr<Clock> steady_clock();

}  // namespace assay::probe::nvml
