// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>

#include <cstddef>
#include <cstdint>

namespace assay::tracer {

// Buffers that go to CUPTI and come back, from one reservation made at the start: no allocation
// while the job runs. The one used last is handed out first, so a job that needs few touches few.
// CUPTI takes one for each thread that calls CUDA, beside those under way. Any thread.
class Buffers {
 public:
  static constexpr std::size_t kBytes = 262144;  // about 1,200 kernels
  static constexpr std::size_t kCount = 96;

  // False where the address space can't be had.
  bool reserve();
  // Null when all are out: CUPTI then drops records, and counts them.
  std::uint8_t* take();
  // A buffer of which CUPTI filled `used` bytes. They are zeroed here, on CUPTI's own thread: it
  // would otherwise do so on the job's.
  void give_back(std::uint8_t* buffer, std::size_t used);
  // How many are with CUPTI now.
  std::size_t out();

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  std::uint8_t* memory_ = nullptr;
  std::uint8_t* free_[kCount] = {};
  std::size_t free_count_ = 0;
};

}  // namespace assay::tracer
