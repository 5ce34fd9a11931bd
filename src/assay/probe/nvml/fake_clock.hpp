// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <vector>

#include "assay/probe/nvml/clock.hpp"

namespace assay::probe::nvml {

// Time that stands still until a test moves it. Threads that wait for a moment wake when it comes.
// For tests; safe from any thread, but advance() must not be called with a mutex held that a waiter
// uses.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t now_ns() const override {
    const std::lock_guard lock(mutex_);
    return now_ns_;
  }
  [[nodiscard]] sample::WallTime wall() const override {
    const std::lock_guard lock(mutex_);
    return {kWallAtStart + now_ns_ + wall_step_ns_};
  }
  void wait_until(std::condition_variable& cv, std::unique_lock<std::mutex>& lock,
                  std::int64_t until_ns) override {
    {
      const std::lock_guard own(mutex_);
      if (now_ns_ >= until_ns) return;
      waiters_.push_back({&cv, lock.mutex()});
    }
    cv.wait(lock);
    const std::lock_guard own(mutex_);
    const auto it = std::ranges::find(waiters_, Waiter{&cv, lock.mutex()});
    if (it != waiters_.end()) waiters_.erase(it);
  }

  void advance(Seconds by) { advance_ns(static_cast<std::int64_t>(by.value() * 1e9)); }
  void advance_ns(std::int64_t by_ns) {
    std::vector<Waiter> waiters;
    {
      const std::lock_guard lock(mutex_);
      now_ns_ += by_ns;
      waiters = waiters_;
    }
    for (const Waiter& waiter : waiters) {
      // Who has checked the time but does not wait yet holds the mutex: let it get there.
      const std::lock_guard lock(*waiter.mutex);
      waiter.cv->notify_all();
    }
  }
  // Moves the wall clock alone, as NTP or an administrator would.
  void step_wall(Seconds by) {
    const std::lock_guard lock(mutex_);
    wall_step_ns_ += static_cast<std::int64_t>(by.value() * 1e9);
  }

 private:
  static constexpr std::int64_t kWallAtStart = 1'763'800'000'000'000'000;
  struct Waiter {
    std::condition_variable* cv;
    std::mutex* mutex;
    friend bool operator==(const Waiter&, const Waiter&) = default;
  };
  mutable std::mutex mutex_;
  std::int64_t now_ns_ = 1'000'000'000;
  std::int64_t wall_step_ns_ = 0;
  std::vector<Waiter> waiters_;
};

}  // namespace assay::probe::nvml
