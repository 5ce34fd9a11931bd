// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/driver.hpp"

#include <dlfcn.h>

#include <fmt/format.h>

#include "assay/lab/cuda_error.hpp"

namespace assay::lab {

Result<std::shared_ptr<const Driver>> Driver::load(const char* library) {
  void* handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* why = dlerror();
    return Error{
        ErrorCode::nothing_to_measure,
        fmt::format("the lab can't load the CUDA driver {} ({}); install the NVIDIA driver "
                    "or run on a machine that has one",
                    library, why != nullptr ? why : "no reason given")};
  }
  std::shared_ptr<Driver> driver(new Driver(handle));
  if (const Status resolved = driver->resolve(library); !resolved) {
    dlclose(handle);
    return resolved.error();
  }
  TRY(driver->check(driver->functions_.init(0), "starting CUDA"));
  return std::shared_ptr<const Driver>(std::move(driver));
}

Status Driver::resolve(const char* name) {
#define ASSAY_CUDA_RESOLVE(field, symbol, parameters)                                        \
  functions_.field = reinterpret_cast<decltype(functions_.field)>(dlsym(library_, #symbol)); \
  if (functions_.field == nullptr)                                                           \
    return Error{                                                                            \
        ErrorCode::version_refused,                                                          \
        fmt::format("{} has no {}; use an NVIDIA driver of CUDA 11.4 or newer", name, #symbol)};
  ASSAY_CUDA_FUNCTIONS(ASSAY_CUDA_RESOLVE)
#undef ASSAY_CUDA_RESOLVE
  return {};
}

Status Driver::check(abi::Status code, std::string_view what) const {
  if (code == abi::kSuccess) return {};
  const char* name = nullptr;
  if (functions_.get_error_name(code, &name) != abi::kSuccess) name = nullptr;
  return cuda_error(what, code, name != nullptr ? name : "");
}

}  // namespace assay::lab
