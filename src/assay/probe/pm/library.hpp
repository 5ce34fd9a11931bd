// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "assay/base/result.hpp"
#include "assay/probe/pm/cupti_abi.hpp"

namespace assay::probe::pm {

// libcupti with PM sampling, loaded; it stays so until the process ends. The host half (metrics,
// passes) works on a machine without a GPU.
class Library {
 public:
  // Looks at $ASSAY_CUPTI (a file), the loader's path, $CUDA_HOME, and the usual folders of CUDA,
  // newest first. not_found: none; version_refused: none that has PM sampling (CUDA 12.6).
  static Result<std::shared_ptr<const Library>> load();
  static Result<std::shared_ptr<const Library>> load(const std::string& path);

  // Before the first call of either half, but after start_driver() where there is a device: CUPTI
  // looks for the driver then. Without a driver it says "unknown", and the host half works all the
  // same.
  void initialize() const;

  [[nodiscard]] const abi::Functions& call() const { return functions_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Library() = default;
  abi::Functions functions_;
  std::string path_;
};

// Starts the CUDA driver (cuInit), which the device half needs first.
Status start_driver();
// What the driver calls the board, after start_driver(); empty where it does not say.
std::string board_name(int device);

}  // namespace assay::probe::pm
