// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace assay::serve {

// One thread that does one job after another. Its queue is bounded: who comes too late is told so
// at once. Destruction ends the job at hand, drops those that wait.
class Worker {
 public:
  explicit Worker(std::size_t most_waiting);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // From any thread. False: so many wait already.
  bool post(std::function<void()> job);
  // Waits until all that was posted is done.
  void drain();

 private:
  void work();

  std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool busy_ = false;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace assay::serve
