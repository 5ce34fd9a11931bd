// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>

#include "assay/lab/cuda.hpp"

// What a run takes from the device and must give back on every path out.
namespace assay::lab {

class Buffer {
 public:
  static Result<Buffer> make(Cuda& cuda, std::size_t bytes) {
    TRY_ASSIGN(const DevicePtr memory, cuda.allocate(bytes));
    return Buffer(cuda, memory, bytes);
  }
  Buffer(Buffer&& other) noexcept
      : cuda_(other.cuda_), memory_(std::exchange(other.memory_, 0)), bytes_(other.bytes_) {}
  Buffer& operator=(Buffer&&) = delete;
  ~Buffer() {
    if (memory_ != 0) cuda_->release(memory_);
  }
  [[nodiscard]] DevicePtr get() const { return memory_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  Buffer(Cuda& cuda, DevicePtr memory, std::size_t bytes)
      : cuda_(&cuda), memory_(memory), bytes_(bytes) {}
  Cuda* cuda_;
  DevicePtr memory_;
  std::size_t bytes_;
};

class PinnedBuffer {
 public:
  static Result<PinnedBuffer> make(Cuda& cuda, std::size_t bytes) {
    TRY_ASSIGN(void* const memory, cuda.allocate_pinned(bytes));
    return PinnedBuffer(cuda, memory);
  }
  PinnedBuffer(PinnedBuffer&& other) noexcept
      : cuda_(other.cuda_), memory_(std::exchange(other.memory_, nullptr)) {}
  PinnedBuffer& operator=(PinnedBuffer&&) = delete;
  ~PinnedBuffer() {
    if (memory_ != nullptr) cuda_->release_pinned(memory_);
  }
  [[nodiscard]] void* get() const { return memory_; }

 private:
  PinnedBuffer(Cuda& cuda, void* memory) : cuda_(&cuda), memory_(memory) {}
  Cuda* cuda_;
  void* memory_;
};

class OwnedEvent {
 public:
  static Result<OwnedEvent> make(Cuda& cuda) {
    TRY_ASSIGN(const Cuda::Event event, cuda.create_event());
    return OwnedEvent(cuda, event);
  }
  OwnedEvent(OwnedEvent&& other) noexcept
      : cuda_(other.cuda_), event_(std::exchange(other.event_, nullptr)) {}
  OwnedEvent& operator=(OwnedEvent&&) = delete;
  ~OwnedEvent() {
    if (event_ != nullptr) cuda_->destroy_event(event_);
  }
  [[nodiscard]] Cuda::Event get() const { return event_; }

 private:
  OwnedEvent(Cuda& cuda, Cuda::Event event) : cuda_(&cuda), event_(event) {}
  Cuda* cuda_;
  Cuda::Event event_;
};

// Waits for the queue to run dry. Declared after the buffers of a run, so that an early return does
// not free memory under a kernel that still reads it.
class DrainOnExit {
 public:
  explicit DrainOnExit(Cuda& cuda) : cuda_(&cuda) {}
  DrainOnExit(const DrainOnExit&) = delete;
  DrainOnExit& operator=(const DrainOnExit&) = delete;
  // The error that led here is the one to report; a second one says the same again.
  ~DrainOnExit() { static_cast<void>(cuda_->synchronize().ok()); }

 private:
  Cuda* cuda_;
};

// The measured span, for a profiler around this process (ncu's range replay reads it).
class ProfiledSpan {
 public:
  explicit ProfiledSpan(Cuda& cuda) : cuda_(&cuda) { cuda_->profiler_start(); }
  ~ProfiledSpan() { cuda_->profiler_stop(); }
  ProfiledSpan(const ProfiledSpan&) = delete;
  ProfiledSpan& operator=(const ProfiledSpan&) = delete;

 private:
  Cuda* cuda_;
};

}  // namespace assay::lab
