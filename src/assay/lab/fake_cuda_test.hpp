// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "assay/lab/cuda.hpp"

namespace assay::lab {

// A device in a made-up time: work takes as long as the fake says, one piece after the other; the
// host's calls cost 1 us. Records every launch, the deepest queue, and what is still allocated. Any
// call can be made to fail.
class FakeCuda final : public Cuda {
 public:
  struct Launch {
    Function function;
    int grid;
    int block;
    KernelArgs args;
  };

  DeviceInfo device{.uuid = "GPU-1",
                    .name = "Fake GPU",
                    .sm_count = 132,
                    .cc_major = 9,
                    .cc_minor = 0,
                    .memory = gib(80),
                    .l2 = mib(50)};
  std::size_t free_bytes = 60ULL << 30;
  std::uint64_t work = 1000;  // what a single-launch kernel says that it did
  bool has_cublas = true;

  // Makes the nth call (from 0) of this name fail with this error.
  void fail(const std::string& call, int nth, Error error) { failures_[{call, nth}] = error; }

  std::vector<Launch> launches;
  std::size_t deepest_queue = 0;
  std::size_t bytes_copied_in = 0;
  int products = 0;
  int threads_bound = 0;

  [[nodiscard]] std::size_t live() const {
    return memory_.size() + pinned_.size() + events_.size();
  }

  const DeviceInfo& info() const override { return device; }
  Status bind_thread() override {
    ++threads_bound;
    return step("bind_thread");
  }
  Result<std::size_t> free_memory() override {
    TRY(step("free_memory"));
    return free_bytes;
  }
  Result<DevicePtr> allocate(std::size_t bytes) override {
    TRY(step("allocate"));
    if (bytes > free_bytes) return Error{ErrorCode::not_supported, "fake: out of memory"};
    free_bytes -= bytes;
    const DevicePtr at = next_ += 256;
    memory_[at] = bytes;
    return at;
  }
  void release(DevicePtr at) override {
    ASSERT_TRUE(memory_.contains(at)) << "freed twice";
    EXPECT_LE(device_free_at_, host_now_) << "freed under a kernel that runs";
    free_bytes += memory_[at];
    memory_.erase(at);
  }
  Result<void*> allocate_pinned(std::size_t) override {
    TRY(step("allocate_pinned"));
    void* at = reinterpret_cast<void*>(next_ += 256);
    pinned_.insert(at);
    return at;
  }
  void release_pinned(void* at) override {
    EXPECT_LE(device_free_at_, host_now_) << "freed under a copy that runs";
    EXPECT_EQ(pinned_.erase(at), 1U);
  }
  Status clear(DevicePtr at, std::size_t) override {
    EXPECT_TRUE(memory_.contains(at));
    return step("clear");
  }
  Status copy_in(DevicePtr to, const void*, std::size_t bytes) override {
    TRY(step("copy_in"));
    EXPECT_TRUE(memory_.contains(to));
    bytes_copied_in += bytes;
    queue(1e-3);
    return {};
  }
  Status copy_out(void* to, DevicePtr from, std::size_t bytes) override {
    TRY(step("copy_out"));
    EXPECT_TRUE(memory_.contains(from));
    host_now_ = std::max(host_now_, device_free_at_);
    const Control counted{.start_ns = 1, .work = work, .cycles = 1980, .elapsed_ns = 1000};
    EXPECT_EQ(bytes, sizeof counted);
    std::memcpy(to, &counted, sizeof counted);
    return {};
  }
  Status launch(Function function, int grid, int block, const KernelArgs& args) override {
    TRY(step("launch"));
    launches.push_back({function, grid, block, args});
    const bool brief = function == Function::tiny || function == Function::fill;
    queue(brief ? 5e-6 : static_cast<double>(args.duration_ns) * 1e-9);
    return {};
  }
  // A real device whose synchronize fails has stopped: either way nothing runs afterwards.
  Status synchronize() override {
    const Status done = step("synchronize");
    host_now_ = std::max(host_now_, device_free_at_);
    return done;
  }
  void profiler_start() override {}
  void profiler_stop() override {}
  Result<Event> create_event() override {
    TRY(step("create_event"));
    Event event = reinterpret_cast<Event>(next_ += 256);
    events_[event] = 0;
    return event;
  }
  void destroy_event(Event event) override { EXPECT_EQ(events_.erase(event), 1U); }
  Status record(Event event) override {
    TRY(step("record"));
    events_.at(event) = std::max(host_now_, device_free_at_);
    return {};
  }
  Status wait(Event event) override {
    TRY(step("wait"));
    host_now_ = std::max(host_now_, events_.at(event));
    return {};
  }
  Result<Seconds> between(Event from, Event to) override {
    TRY(step("between"));
    return Seconds(events_.at(to) - events_.at(from));
  }
  Result<std::unique_ptr<Gemm>> open_gemm() override;
  Seconds now() const override { return Seconds(host_now_); }

 private:
  friend class FakeGemm;

  Status step(const std::string& call) {
    host_now_ += 1e-6;
    const auto failure = failures_.find({call, calls_[call]++});
    if (failure != failures_.end()) return failure->second;
    return {};
  }
  void queue(double seconds) {
    device_free_at_ = std::max(host_now_, device_free_at_) + seconds;
    queued_.push_back(device_free_at_);
    while (!queued_.empty() && queued_.front() <= host_now_) queued_.pop_front();
    deepest_queue = std::max(deepest_queue, queued_.size());
  }

  std::map<std::pair<std::string, int>, Error> failures_;
  std::map<std::string, int> calls_;
  std::map<DevicePtr, std::size_t> memory_;
  std::set<void*> pinned_;
  std::map<Event, double> events_;
  std::deque<double> queued_;  // when each piece of work ends
  std::uintptr_t next_ = 4096;
  double host_now_ = 100;
  double device_free_at_ = 0;
};

class FakeGemm final : public Gemm {
 public:
  explicit FakeGemm(FakeCuda& cuda) : cuda_(&cuda) {}
  Status enqueue(int, DevicePtr, DevicePtr, DevicePtr) override {
    TRY(cuda_->step("enqueue"));
    ++cuda_->products;
    cuda_->queue(2e-3);
    return {};
  }
  std::string name() const override { return "cublas 13.0.2"; }

 private:
  FakeCuda* cuda_;
};

inline Result<std::unique_ptr<Gemm>> FakeCuda::open_gemm() {
  TRY(step("open_gemm"));
  if (!has_cublas) return Error{ErrorCode::not_found, "fake: no cuBLAS"};
  return std::unique_ptr<Gemm>(std::make_unique<FakeGemm>(*this));
}

}  // namespace assay::lab
