// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "assay/lab/cuda.hpp"
#include "assay/lab/owned.hpp"

namespace assay::lab {

// Keeps at most batch * batches pieces of work queued on the device: enough that it never waits for
// the host, few enough that it falls idle at once when the host dies.
class LaunchQueue {
 public:
  static Result<LaunchQueue> make(Cuda& cuda, std::size_t batch, std::size_t batches);

  // To be called after each piece queued; blocks while the queue is full.
  Status added();

 private:
  LaunchQueue(Cuda& cuda, std::size_t batch) : cuda_(&cuda), batch_(batch) {}

  Cuda* cuda_;
  std::size_t batch_;
  std::size_t in_batch_ = 0;
  std::size_t recorded_ = 0;       // batches ended so far
  std::vector<OwnedEvent> marks_;  // a ring: mark i % size ends batch i
};

struct LoopResult {
  std::int64_t count = 0;
  Seconds elapsed{0};  // device time from before the first to after the last
  Seconds ended{0};    // on Cuda::now
};

// Queues work again and again until the duration has passed on the host's clock, then waits for the
// queue to run dry.
Result<LoopResult> loop_for(Cuda& cuda, Seconds duration, std::size_t batch, std::size_t batches,
                            const std::function<Status()>& enqueue);

}  // namespace assay::lab
