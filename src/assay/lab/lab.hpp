// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/lab/cuda.hpp"
#include "assay/lab/kernel.hpp"
#include "assay/lab/run.hpp"

namespace assay::lab {

// The kernels with known answers, on one CUDA device. Holds a context on it (some 500 MB of device
// memory) from open to destruction. Touches no setting of the device.
//
// Thread rule: one thread at a time; it need not be the thread that opened it. run blocks for the
// duration plus set-up (up to a second or two at the first run, while the driver compiles), so a
// caller that samples a meter meanwhile gives it a thread of its own.
class Lab {
 public:
  // device_uuid as NVML prints it; empty = CUDA's first device. nothing_to_measure: no driver or no
  // device; not_found: no such UUID; not_supported: older than compute capability 7.5.
  static Result<std::unique_ptr<Lab>> open(std::string_view device_uuid = "");
  // On a device of the caller's own making: for tests.
  explicit Lab(std::unique_ptr<Cuda> cuda) : cuda_(std::move(cuda)) {}

  [[nodiscard]] const DeviceInfo& info() const { return cuda_->info(); }

  // One kernel of kernels() for about this long. It ends by itself on the device's clock even if
  // this process dies. After device_lost, timeout or internal the context is spent: open a new Lab
  // in a new process.
  Result<Run> run(std::string_view id, Seconds duration);

 private:
  std::unique_ptr<Cuda> cuda_;
};

}  // namespace assay::lab
