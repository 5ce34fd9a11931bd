// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>

#include "assay/units/units.hpp"

namespace assay::cli {

// Calls `wake` on a thread of its own soon after a stop signal (once catch_stop_signals() was
// called), after a child of this process has ended, and by the schedule; at times without a cause.
// One at a time: there is one set of signal handlers.
class SignalBell {
 public:
  struct Schedule {
    Seconds every{0};  // 0: never
    Seconds at{0};     // once, this long after the start; 0: never
  };

  SignalBell(std::function<void()> wake, const Schedule& schedule);
  ~SignalBell();
  SignalBell(const SignalBell&) = delete;
  SignalBell& operator=(const SignalBell&) = delete;

  // Until the moment `at`; infinite without one.
  [[nodiscard]] Seconds time_left() const;

 private:
  using Clock = std::chrono::steady_clock;

  void listen();
  [[nodiscard]] int milliseconds_to_next(Clock::time_point now) const;

  std::function<void()> wake_;
  Clock::duration every_;
  std::optional<Clock::time_point> end_;
  int fd_ = -1;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace assay::cli
