// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/buffers.hpp"

#include <sys/mman.h>

#include <cstring>

namespace assay::tracer {

bool Buffers::reserve() {
  void* memory = mmap(nullptr, kBytes * kCount, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return false;
  memory_ = static_cast<std::uint8_t*>(memory);
  for (std::size_t i = 0; i < kCount; ++i) free_[i] = memory_ + (kCount - 1 - i) * kBytes;
  free_count_ = kCount;
  return true;
}

std::uint8_t* Buffers::take() {
  pthread_mutex_lock(&mutex_);
  std::uint8_t* buffer = free_count_ == 0 ? nullptr : free_[--free_count_];
  pthread_mutex_unlock(&mutex_);
  return buffer;
}

void Buffers::give_back(std::uint8_t* buffer, std::size_t used) {
  std::memset(buffer, 0, used < kBytes ? used : kBytes);
  pthread_mutex_lock(&mutex_);
  if (free_count_ < kCount) free_[free_count_++] = buffer;
  pthread_mutex_unlock(&mutex_);
}

std::size_t Buffers::out() {
  pthread_mutex_lock(&mutex_);
  const std::size_t out = kCount - free_count_;
  pthread_mutex_unlock(&mutex_);
  return out;
}

}  // namespace assay::tracer
