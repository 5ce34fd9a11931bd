// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/launch_queue.hpp"

#include <utility>

namespace assay::lab {

Result<LaunchQueue> LaunchQueue::make(Cuda& cuda, std::size_t batch, std::size_t batches) {
  CHECK(batch > 0 && batches > 1);
  LaunchQueue queue(cuda, batch);
  for (std::size_t i = 0; i + 1 < batches; ++i) {
    TRY_ASSIGN(auto mark, OwnedEvent::make(cuda));
    queue.marks_.push_back(std::move(mark));
  }
  return queue;
}

// One batch may be filling while batches - 1 are on their way, hence one mark less than batches.
Status LaunchQueue::added() {
  if (++in_batch_ < batch_) return {};
  in_batch_ = 0;
  const std::size_t slot = recorded_ % marks_.size();
  if (recorded_ >= marks_.size()) TRY(cuda_->wait(marks_[slot].get()));
  TRY(cuda_->record(marks_[slot].get()));
  ++recorded_;
  return {};
}

Result<LoopResult> loop_for(Cuda& cuda, Seconds duration, std::size_t batch, std::size_t batches,
                            const std::function<Status()>& enqueue) {
  TRY_ASSIGN(auto queue, LaunchQueue::make(cuda, batch, batches));
  TRY_ASSIGN(const auto begin, OwnedEvent::make(cuda));
  TRY_ASSIGN(const auto end, OwnedEvent::make(cuda));
  const Seconds until = cuda.now() + duration;
  LoopResult result;
  TRY(cuda.record(begin.get()));
  do {
    TRY(enqueue());
    ++result.count;
    TRY(queue.added());
  } while (cuda.now() < until);
  TRY(cuda.record(end.get()));
  TRY(cuda.wait(end.get()));
  result.ended = cuda.now();
  TRY_ASSIGN(result.elapsed, cuda.between(begin.get(), end.get()));
  return result;
}

}  // namespace assay::lab
