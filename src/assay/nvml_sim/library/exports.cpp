// SPDX-License-Identifier: Apache-2.0
// The symbols of libnvidia-ml.so.1. Each hands its arguments to the one Nvml of this process, which
// the first nvmlInit makes.
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <string>

#include "assay/nvml_sim/nvml.hpp"
#include "assay/nvml_sim/setting.hpp"

namespace assay::nvml_sim {
namespace {

// Never destroyed: a program's threads may call until it ends.
std::atomic<Nvml*> nvml{nullptr};

Return make() {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (nvml.load() != nullptr) return Return::success;
  Result<std::unique_ptr<Nvml>> made = from_setting(setting_of_environment());
  if (!made) {
    const std::string line = "assay's simulated NVML: " + made.error().message + "\n";
    if (write(STDERR_FILENO, line.data(), line.size()) < 0) return Return::unknown;
    return Return::driver_not_loaded;
  }
  nvml.store(std::move(*made).release());
  return Return::success;
}

// No exception may reach a caller, who is C.
template <typename Call>
Return guarded(Call call) {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return Return::memory;
  } catch (const std::exception&) {
    return Return::unknown;
  }
}

template <typename Call>
Return with_nvml(Call call) {
  Nvml* const library = nvml.load(std::memory_order_acquire);
  if (library == nullptr) return Return::uninitialized;
  return guarded([&] { return call(*library); });
}

Return initialize() {
  return guarded([] {
    const Return code = make();
    return code == Return::success ? nvml.load()->init() : code;
  });
}

}  // namespace
}  // namespace assay::nvml_sim

namespace abi = assay::nvml_abi;
using abi::Return;
using assay::nvml_sim::Device;
using assay::nvml_sim::i32;
using assay::nvml_sim::Nvml;
using assay::nvml_sim::u32;
using assay::nvml_sim::u64;

#define ASSAY_NVML_EXPORT extern "C" __attribute__((visibility("default")))

ASSAY_NVML_EXPORT Return nvmlInit_v2() { return assay::nvml_sim::initialize(); }
ASSAY_NVML_EXPORT Return nvmlInit() { return assay::nvml_sim::initialize(); }
ASSAY_NVML_EXPORT Return nvmlInitWithFlags(u32) { return assay::nvml_sim::initialize(); }
ASSAY_NVML_EXPORT const char* nvmlErrorString(Return code) {
  return assay::nvml_sim::error_string(code);
}
ASSAY_NVML_EXPORT Return nvmlSystemGetNVMLVersion(char* text, u32 size) {
  return assay::nvml_sim::nvml_version(text, size);
}

// The one symbol that NVIDIA's library lacks: by it a program can tell, however it came to load
// this one, that the devices are simulated, and what they play. Works before nvmlInit.
ASSAY_NVML_EXPORT Return nvmlAssayScenario(char* text, u32 size) {
  using namespace assay::nvml_sim;
  return guarded(
      [&] { return put_text(scenario_name(setting_of_environment().scenario), text, size); });
}

#define ASSAY_NVML_CALL(symbol, method, parameters, arguments)                                  \
  ASSAY_NVML_EXPORT Return symbol parameters {                                                  \
    return assay::nvml_sim::with_nvml([&](Nvml& library) { return library.method arguments; }); \
  }
#define ASSAY_NVML_SAME ASSAY_NVML_CALL
#include "assay/nvml_sim/calls.def"

// The caller passes more arguments than the one declared here, which the calling convention of this
// ABI leaves to the caller to clear away.
#define ASSAY_NVML_DEVICE(symbol)                                              \
  ASSAY_NVML_EXPORT Return symbol(Device device) {                             \
    return assay::nvml_sim::with_nvml(                                         \
        [&](Nvml& library) { return library.unsupported_of_device(device); }); \
  }
#define ASSAY_NVML_OTHER(symbol)                                                            \
  ASSAY_NVML_EXPORT Return symbol() {                                                       \
    return assay::nvml_sim::with_nvml([](Nvml& library) { return library.unsupported(); }); \
  }
#include "assay/nvml_sim/unsupported.def"
