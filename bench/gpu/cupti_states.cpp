// SPDX-License-Identifier: Apache-2.0
// Puts this process's CUPTI into one state after another, so that one process can be timed in each:
// what a tracer of kernels, a pause and a detached CUPTI cost, without the noise between processes.
// A library with a C interface, for launch_states.cu and torch_loops.py. As CUDA_INJECTION64_PATH it
// registers with the CUPTI that STATES_CUPTI names before CUDA is up, as a tracer does.
#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "assay/tracer/cupti_abi.hpp"

namespace {

namespace abi = assay::tracer::abi;

constexpr std::size_t kBytes = 256 * 1024;  // as the tracer's
constexpr int kNotLoaded = -1;
constexpr int kNoCallback = -2;
constexpr std::uint32_t kDriverApi = 1;        // CUPTI_CB_DOMAIN_DRIVER_API
constexpr std::uint32_t kDriverGetVersion = 2;  // its CUPTI_DRIVER_TRACE_CBID_...

constexpr std::pair<char, std::uint32_t> kKinds[] = {
    {'k', abi::kConcurrentKernel}, {'c', abi::kMemcpy},          {'m', abi::kMemset},
    {'p', abi::kMemcpyPeer},       {'s', abi::kSynchronization}, {'g', abi::kGraphTrace}};

using Callback = void (*)(void*, std::uint32_t domain, std::uint32_t id, const void* data);

struct Functions {
  abi::Code (*enlist)(abi::RequestBuffer, abi::CompleteBuffer) = nullptr;
  abi::Code (*enable)(std::uint32_t) = nullptr;
  abi::Code (*disable)(std::uint32_t) = nullptr;
  abi::Code (*flush_all)(std::uint32_t) = nullptr;
  abi::Code (*finalize)() = nullptr;
  abi::Code (*subscribe)(void**, Callback, void*) = nullptr;
  abi::Code (*unsubscribe)(void*) = nullptr;
  abi::Code (*enable_callback)(std::uint32_t, void*, std::uint32_t, std::uint32_t) = nullptr;
} cupti;

bool loaded = false;
bool enlisted = false;
std::atomic<long> bytes{0};
std::atomic<int> finalized{kNoCallback};

void hand_out(std::uint8_t** buffer, std::size_t* size, std::size_t* most) {
  *buffer = static_cast<std::uint8_t*>(std::aligned_alloc(8, kBytes));
  *size = *buffer == nullptr ? 0 : kBytes;
  *most = 0;
}

void take_back(void*, std::uint32_t, std::uint8_t* buffer, std::size_t, std::size_t valid) {
  bytes += static_cast<long>(valid);
  std::free(buffer);
}

// CUpti_CallbackData begins with the site; 1 is an API call's exit.
void on_call(void*, std::uint32_t, std::uint32_t, const void* data) {
  std::uint32_t site = 0;
  std::memcpy(&site, data, sizeof site);
  if (site == 1) finalized = cupti.finalize();
}

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

// Detached at the exit of a call of our own, as NVIDIA asks for.
int go_by_callback() {
  void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
  if (driver == nullptr) return kNotLoaded;
  int (*get_version)(int*) = nullptr;
  if (!find(driver, "cuDriverGetVersion", get_version)) return kNotLoaded;
  void* subscriber = nullptr;
  if (const abi::Code code = cupti.subscribe(&subscriber, on_call, nullptr); code != 0) return code;
  finalized = kNoCallback;
  cupti.enable_callback(1, subscriber, kDriverApi, kDriverGetVersion);
  int version = 0;
  get_version(&version);
  if (finalized == kNoCallback) cupti.unsubscribe(subscriber);
  return finalized;
}

int enable_only(const char* kinds) {
  if (!enlisted) {
    if (const abi::Code code = cupti.enlist(hand_out, take_back); code != 0) return code;
    enlisted = true;
  }
  int worst = 0;
  for (const auto& [letter, kind] : kKinds) {
    const bool wanted = std::strchr(kinds, letter) != nullptr;
    const abi::Code code = wanted ? cupti.enable(kind) : cupti.disable(kind);
    if (wanted && code != 0) worst = code;
  }
  return worst;
}

}  // namespace

extern "C" {

// 0, or why not.
__attribute__((visibility("default"))) int cupti_load(const char* path) {
  void* library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) return kNotLoaded;
  loaded = find(library, "cuptiActivityRegisterCallbacks", cupti.enlist) &&
           find(library, "cuptiActivityEnable", cupti.enable) &&
           find(library, "cuptiActivityDisable", cupti.disable) &&
           find(library, "cuptiActivityFlushAll", cupti.flush_all) &&
           find(library, "cuptiFinalize", cupti.finalize) &&
           find(library, "cuptiSubscribe", cupti.subscribe) &&
           find(library, "cuptiUnsubscribe", cupti.unsubscribe) &&
           find(library, "cuptiEnableCallback", cupti.enable_callback);
  return loaded ? 0 : kNotLoaded;
}

// "kcmpsg": these kinds of record and no others; "-": registered, none; "gone": detached at the exit
// of an API call; "gone!": detached at once. 0, CUPTI's code, or less than 0.
__attribute__((visibility("default"))) int cupti_to(const char* state) {
  if (!loaded) return kNotLoaded;
  if (std::strncmp(state, "gone", 4) != 0) return enable_only(state);
  for (const auto& [letter, kind] : kKinds) cupti.disable(kind);
  cupti.flush_all(abi::kFlushForced);
  enlisted = false;
  return std::strcmp(state, "gone!") == 0 ? cupti.finalize() : go_by_callback();
}

__attribute__((visibility("default"))) int InitializeInjection() {
  const char* path = std::getenv("STATES_CUPTI");
  if (path != nullptr && (cupti_load(path) != 0 || cupti_to("-") != 0)) std::abort();
  return 1;
}

// Bytes of records that came so far.
__attribute__((visibility("default"))) long cupti_bytes() { return bytes; }

}  // extern "C"
