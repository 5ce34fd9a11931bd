// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "assay/nvml_sim/time_source.hpp"
#include "assay/probe/nvml/clock.hpp"

namespace assay::test {

// Time for a sampler and its simulated devices, which is nothing but the order of events: it stands
// still as long as any of the sampler's threads has work, and the thread that made the clock (the
// driver) moves it to the next moment that one waits for, whenever the driver itself waits. So a
// run depends on no scheduler, and costs only what is computed. Zero is the scenario's epoch.
class VirtualClock final : public probe::nvml::Clock {
 public:
  // lanes: how many threads the sampler will have, two a device.
  VirtualClock(std::int64_t now_ns, std::size_t lanes) : lanes_(lanes), now_ns_(now_ns) {}

  [[nodiscard]] std::int64_t now_ns() const override;
  [[nodiscard]] sample::WallTime wall() const override;
  void wait_until(std::condition_variable& cv, std::unique_lock<std::mutex>& lock,
                  std::int64_t until_ns) override;

  // Of a lane: is gone for so long, as in a call that does not return. Ends early after release().
  void sleep(std::int64_t ns);
  // Lets every sleeper go, now and from now on: before the sampler's end.
  void release();

  // Moves the wall clock alone, as NTP or an administrator would. What ended before keeps its
  // stamp.
  void step_wall(std::int64_t by_ns);
  // The wall clock as it stood then.
  [[nodiscard]] std::int64_t wall_ns(std::int64_t at_ns) const;
  // The moment that the wall clock showed as that; -1: it never did. Steps of odd numbers of
  // nanoseconds keep it unambiguous.
  [[nodiscard]] std::int64_t time_of(std::int64_t wall_ns) const;

 private:
  struct Waiter {
    std::condition_variable* cv = nullptr;
    std::mutex* mutex = nullptr;
    std::int64_t until_ns = 0;
    friend bool operator==(const Waiter&, const Waiter&) = default;
  };
  struct Step {
    std::int64_t at_ns = 0;
    std::int64_t by_ns = 0;
  };
  void add(const Waiter& waiter);
  void remove(const Waiter& waiter);
  [[nodiscard]] bool settled() const;
  void drive(std::unique_lock<std::mutex>& lock, std::condition_variable& cv,
             std::int64_t until_ns);
  void move_to(std::int64_t ns);

  const std::thread::id driver_ = std::this_thread::get_id();
  const std::size_t lanes_;
  mutable std::mutex mutex_;
  std::condition_variable settled_;
  std::int64_t now_ns_;
  bool released_ = false;
  std::vector<Waiter> waiters_;
  std::vector<Step> steps_;
};

// The same time for the simulated driver.
class VirtualTime final : public nvml_sim::TimeSource {
 public:
  explicit VirtualTime(const VirtualClock& clock) : clock_(clock) {}
  std::int64_t now_ns() override { return clock_.now_ns(); }
  std::int64_t wall_us(std::int64_t at_ns) override { return clock_.wall_ns(at_ns) / 1000; }
  void wait_until(std::int64_t) override {}  // nobody waits for an event here

 private:
  const VirtualClock& clock_;
};

}  // namespace assay::test
