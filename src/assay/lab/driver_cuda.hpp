// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "assay/lab/cuda.hpp"
#include "assay/lab/driver.hpp"

namespace assay::lab {

// A real device behind Cuda, through the driver API and the device's primary context (which cuBLAS
// shares). Kernels are compiled from the embedded PTX on first use.
class DriverCuda final : public Cuda {
 public:
  // device_uuid as for choose_device. not_supported: older than compute capability 7.5.
  static Result<std::unique_ptr<DriverCuda>> open(std::shared_ptr<const Driver> driver,
                                                  std::string_view device_uuid);
  ~DriverCuda() override;
  DriverCuda(const DriverCuda&) = delete;
  DriverCuda& operator=(const DriverCuda&) = delete;

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  Status bind_thread() override;
  Result<std::size_t> free_memory() override;
  Result<DevicePtr> allocate(std::size_t bytes) override;
  void release(DevicePtr memory) override;
  Result<void*> allocate_pinned(std::size_t bytes) override;
  void release_pinned(void* memory) override;
  Status clear(DevicePtr memory, std::size_t bytes) override;
  Status copy_in(DevicePtr to, const void* pinned, std::size_t bytes) override;
  Status copy_out(void* to, DevicePtr from, std::size_t bytes) override;
  Status launch(Function function, int grid, int block, const KernelArgs& args) override;
  Status synchronize() override;
  Result<Event> create_event() override;
  void destroy_event(Event event) override;
  Status record(Event event) override;
  Status wait(Event event) override;
  Result<Seconds> between(Event from, Event to) override;
  Result<std::unique_ptr<Gemm>> open_gemm() override;
  void profiler_start() override;
  void profiler_stop() override;
  [[nodiscard]] Seconds now() const override;

 private:
  DriverCuda(std::shared_ptr<const Driver> driver, abi::Device device, DeviceInfo info)
      : driver_(std::move(driver)), device_(device), info_(std::move(info)) {}
  Result<abi::Module> module(std::string_view file);
  Result<abi::Kernel> kernel(Function function);

  static constexpr std::size_t kFunctions = 9;
  struct LoadedModule {
    std::string_view file;
    abi::Module module;
  };

  std::shared_ptr<const Driver> driver_;
  abi::Device device_;
  DeviceInfo info_;
  abi::Context context_ = nullptr;
  abi::Stream stream_ = nullptr;
  std::array<abi::Kernel, kFunctions> kernels_{};
  std::array<LoadedModule, 4> modules_{};
  std::size_t module_count_ = 0;
};

}  // namespace assay::lab
