// SPDX-License-Identifier: Apache-2.0
#include "truth/virtual_clock.hpp"

#include <algorithm>
#include <chrono>

namespace assay::test {
namespace {

constexpr std::int64_t kWallAtEpoch = 1'763'800'000'000'000'000;
constexpr std::chrono::microseconds kShort{100};  // real time, while threads are starting

}  // namespace

std::int64_t VirtualClock::now_ns() const {
  const std::lock_guard lock(mutex_);
  return now_ns_;
}

sample::WallTime VirtualClock::wall() const { return {wall_ns(now_ns())}; }

std::int64_t VirtualClock::wall_ns(std::int64_t at_ns) const {
  const std::lock_guard lock(mutex_);
  std::int64_t out = kWallAtEpoch + at_ns;
  for (const Step& step : steps_)
    if (step.at_ns < at_ns) out += step.by_ns;
  return out;
}

std::int64_t VirtualClock::time_of(std::int64_t wall_ns) const {
  const std::lock_guard lock(mutex_);
  std::int64_t offset = kWallAtEpoch;
  std::int64_t begin = -1;
  for (std::size_t i = 0; i <= steps_.size(); ++i) {
    const bool last = i == steps_.size();
    const std::int64_t end = last ? now_ns_ : steps_[i].at_ns;
    if (wall_ns - offset > begin && wall_ns - offset <= end) return wall_ns - offset;
    if (last) break;
    begin = end;
    offset += steps_[i].by_ns;
  }
  return -1;
}

void VirtualClock::step_wall(std::int64_t by_ns) {
  const std::lock_guard lock(mutex_);
  steps_.push_back({now_ns_, by_ns});
}

void VirtualClock::add(const Waiter& waiter) {
  waiters_.push_back(waiter);
  if (settled()) settled_.notify_all();
}

void VirtualClock::remove(const Waiter& waiter) {
  const auto it = std::ranges::find(waiters_, waiter);
  if (it != waiters_.end()) waiters_.erase(it);
}

// Every lane waits for a moment that has not come.
bool VirtualClock::settled() const {
  return waiters_.size() == lanes_ && std::ranges::all_of(waiters_, [this](const Waiter& waiter) {
           return waiter.until_ns > now_ns_ && waiter.until_ns != INT64_MAX;
         });
}

void VirtualClock::wait_until(std::condition_variable& cv, std::unique_lock<std::mutex>& lock,
                              std::int64_t until_ns) {
  if (std::this_thread::get_id() == driver_) return drive(lock, cv, until_ns);
  const Waiter waiter{&cv, lock.mutex(), until_ns};
  {
    const std::lock_guard own(mutex_);
    if (now_ns_ >= until_ns) return;
    add(waiter);
  }
  cv.wait(lock);
  const std::lock_guard own(mutex_);
  remove(waiter);
}

void VirtualClock::sleep(std::int64_t ns) {
  std::condition_variable cv;
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::unique_lock own(mutex_);
  const Waiter waiter{&cv, &mutex, now_ns_ + ns};
  add(waiter);
  while (!released_ && now_ns_ < waiter.until_ns) {
    own.unlock();
    cv.wait(lock);
    own.lock();
  }
  remove(waiter);
}

void VirtualClock::release() {
  std::vector<Waiter> waiters;
  {
    const std::lock_guard own(mutex_);
    released_ = true;
    waiters = waiters_;
  }
  for (const Waiter& waiter : waiters) {
    const std::lock_guard theirs(*waiter.mutex);
    waiter.cv->notify_all();
  }
}

void VirtualClock::drive(std::unique_lock<std::mutex>& lock, std::condition_variable& cv,
                         std::int64_t until_ns) {
  bool all_wait = false;
  std::int64_t next = until_ns;
  {
    const std::lock_guard own(mutex_);
    all_wait = settled();
    for (const Waiter& waiter : waiters_) next = std::min(next, waiter.until_ns);
  }
  if (!all_wait) {  // only while the sampler starts: what it waits for comes by itself
    cv.wait_for(lock, kShort);
    return;
  }
  lock.unlock();
  move_to(next);
  {
    std::unique_lock own(mutex_);
    settled_.wait(own, [this] { return settled(); });
  }
  lock.lock();
}

void VirtualClock::move_to(std::int64_t ns) {
  std::vector<Waiter> due;
  {
    const std::lock_guard own(mutex_);
    now_ns_ = ns;
    for (const Waiter& waiter : waiters_)
      if (waiter.until_ns <= ns) due.push_back(waiter);
  }
  for (const Waiter& waiter : due) {
    // Who has checked the time but does not wait yet holds the mutex: let it get there.
    const std::lock_guard theirs(*waiter.mutex);
    waiter.cv->notify_all();
  }
}

}  // namespace assay::test
