// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/lab/cuda_abi.hpp"

namespace assay::lab {

// libcuda.so.1, loaded and initialized. It stays loaded until the process ends: its own threads may
// outlive the last context. Any thread may use it.
class Driver {
 public:
  // nothing_to_measure: no library, no driver or no device. version_refused: a library without the
  // calls that assay needs.
  static Result<std::shared_ptr<const Driver>> load(const char* library = "libcuda.so.1");
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  [[nodiscard]] const abi::Functions& call() const { return functions_; }

  // OK for code 0, else the Error of this step.
  [[nodiscard]] Status check(abi::Status code, std::string_view what) const;

 private:
  explicit Driver(void* library) : library_(library) {}
  Status resolve(const char* name);

  void* library_;
  abi::Functions functions_;
};

}  // namespace assay::lab
