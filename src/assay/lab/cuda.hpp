// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "assay/base/result.hpp"
#include "assay/units/units.hpp"

namespace assay::lab {

using DevicePtr = std::uint64_t;

struct DeviceInfo {
  std::string uuid;  // as NVML writes it: "GPU-6b9e..." or "MIG-..."
  std::string name;
  int sm_count = 0;
  int cc_major = 0;
  int cc_minor = 0;
  Bytes memory{0};
  Bytes l2{0};
};

// The kernels of kernels/*.cu. Each has the parameters of KernelArgs in this order.
enum class Function : std::uint8_t {
  spin,
  fma32,
  fma64,
  mma,
  divergent,
  dram_read,
  dram_copy,
  tiny,
  fill,
};

struct KernelArgs {
  DevicePtr control = 0;          // a Control on the device
  std::uint64_t duration_ns = 0;  // the grid ends itself this long after its first block began
  std::uint64_t max_rounds = 0;   // second fuse, should the device's clock stand still
  DevicePtr a = 0;
  DevicePtr b = 0;
  std::uint64_t n = 0;
};

// Mirrors struct Control of kernels/common.cuh.
struct Control {
  std::uint64_t start_ns = 0;
  std::uint64_t work = 0;
  std::uint64_t cycles = 0;
  std::uint64_t elapsed_ns = 0;
  std::uint64_t sink = 0;
};

// A library's bf16 product C = A * B of n x n matrices with fp32 sums, queued on the device.
class Gemm {
 public:
  virtual ~Gemm() = default;
  virtual Status enqueue(int n, DevicePtr a, DevicePtr b, DevicePtr c) = 0;
  [[nodiscard]] virtual std::string name() const = 0;  // "cublas 13.0.2"
};

// One CUDA device with one queue: what the runner needs of it. Work is queued in order; only wait,
// synchronize and copy_out block. Not thread safe; each thread that comes to use it calls
// bind_thread first.
class Cuda {
 public:
  using Event = void*;

  virtual ~Cuda() = default;
  [[nodiscard]] virtual const DeviceInfo& info() const = 0;
  virtual Status bind_thread() = 0;

  virtual Result<std::size_t> free_memory() = 0;  // bytes
  virtual Result<DevicePtr> allocate(std::size_t bytes) = 0;
  virtual void release(DevicePtr memory) = 0;
  virtual Result<void*> allocate_pinned(std::size_t bytes) = 0;
  virtual void release_pinned(void* memory) = 0;

  virtual Status clear(DevicePtr memory, std::size_t bytes) = 0;
  virtual Status copy_in(DevicePtr to, const void* pinned, std::size_t bytes) = 0;
  virtual Status copy_out(void* to, DevicePtr from, std::size_t bytes) = 0;  // waits
  virtual Status launch(Function function, int grid, int block, const KernelArgs& args) = 0;
  virtual Status synchronize() = 0;

  virtual Result<Event> create_event() = 0;
  virtual void destroy_event(Event event) = 0;
  virtual Status record(Event event) = 0;
  virtual Status wait(Event event) = 0;
  virtual Result<Seconds> between(Event from, Event to) = 0;  // both have come to pass

  // not_found: no cuBLAS here; the message says where it was looked for.
  virtual Result<std::unique_ptr<Gemm>> open_gemm() = 0;

  // Tells a profiler around this process, if there is one, where the measured span begins and ends.
  virtual void profiler_start() = 0;
  virtual void profiler_stop() = 0;

  [[nodiscard]] virtual Seconds now() const = 0;  // the host's monotonic clock
};

}  // namespace assay::lab
