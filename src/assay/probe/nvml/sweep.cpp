// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/sweep.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "assay/probe/nvml/shared.hpp"
#include "assay/probe/nvml/thread.hpp"

namespace assay::probe::nvml {
namespace {

constexpr std::int64_t kLooksABudget = 4;

using Lock = std::unique_lock<std::mutex>;

Status spawn(const std::shared_ptr<Shared>& shared, std::function<void(Lock&)> body) {
  TRY(spawn_detached([shared, body = std::move(body)] {
    Lock lock(shared->mutex);
    body(lock);
    --shared->running;
    shared->to_caller.notify_all();
  }));
  ++shared->running;
  return {};
}

void close(const std::vector<Lane*>& lanes, Lock& lock) {
  lock.unlock();
  for (Lane* lane : lanes) lane->close();
  lock.lock();
}

// Of the sweep's thread, until the end or until another one has taken over.
void run(Shared& shared, Sweep& sweep, Lock& lock) {
  const std::int64_t turn = sweep.turn;
  while (!shared.stop) {
    const auto next = std::ranges::min_element(sweep.lanes, {}, &Lane::due_ns);
    const std::int64_t due = next == sweep.lanes.end() ? Lane::kNotYet : (*next)->due_ns();
    const std::int64_t now = shared.clock->now_ns();
    if (now < due) {
      shared.to_caller.notify_all();  // all that was due is published
      shared.clock->wait_until(sweep.wake, lock, due);
      continue;
    }
    Lane* const lane = *next;
    sweep.current = lane;
    sweep.since_ns = now;
    lock.unlock();
    lane->step();
    lock.lock();
    if (sweep.turn != turn) {
      if (shared.stop) return close({lane}, lock);
      sweep.lanes.push_back(lane);
      sweep.wake.notify_all();
      return;
    }
    sweep.current = nullptr;
  }
  close(std::exchange(sweep.lanes, {}), lock);
}

void hand_over(const std::shared_ptr<Shared>& shared, Sweep& sweep) {
  // The fresh thread begins with the mutex, so not before this has been done.
  ++sweep.turn;
  if (!start_sweep(shared, sweep)) {
    --sweep.turn;
    return;
  }
  std::erase(sweep.lanes, sweep.current);
  sweep.current = nullptr;
}

}  // namespace

Status start_sweep(const std::shared_ptr<Shared>& shared, Sweep& sweep) {
  return spawn(shared, [&shared = *shared, &sweep](Lock& lock) { run(shared, sweep, lock); });
}

Status start_patrol(const std::shared_ptr<Shared>& shared, std::int64_t budget_ns) {
  return spawn(shared, [shared, budget_ns](Lock& lock) {
    while (!shared->stop) {
      const std::int64_t now = shared->clock->now_ns();
      for (const auto& sweep : shared->sweeps) {
        const bool alone = sweep->lanes.size() <= 1;
        if (sweep->current != nullptr && !alone && now - sweep->since_ns >= budget_ns)
          hand_over(shared, *sweep);
      }
      shared->clock->wait_until(shared->to_patrol, lock, now + budget_ns / kLooksABudget);
    }
  });
}

}  // namespace assay::probe::nvml
