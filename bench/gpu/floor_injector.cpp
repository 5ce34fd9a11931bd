// SPDX-License-Identifier: Apache-2.0
// CUPTI's own floor: an injector that asks for the kernels' records, hands buffers out and frees
// them unread. What any tracer of kernels costs at least. FLOOR_CUPTI names the library;
// FLOOR_KINDS asks for more than kernels: c copies, m memsets, p copies between devices, s
// synchronization.
#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "assay/tracer/cupti_abi.hpp"

namespace {

namespace abi = assay::tracer::abi;

constexpr std::size_t kBytes = 256 * 1024;  // as the tracer's

abi::Code (*flush_all)(std::uint32_t) = nullptr;

void hand_out(std::uint8_t** buffer, std::size_t* size, std::size_t* most) {
  *buffer = static_cast<std::uint8_t*>(std::aligned_alloc(8, kBytes));
  *size = *buffer == nullptr ? 0 : kBytes;
  *most = 0;
}

void take_back(void*, std::uint32_t, std::uint8_t* buffer, std::size_t, std::size_t) {
  std::free(buffer);
}

void at_exit() { flush_all(abi::kFlushForced); }

}  // namespace

extern "C" __attribute__((visibility("default"))) int InitializeInjection() {
  const char* path = std::getenv("FLOOR_CUPTI");
  void* library = dlopen(path == nullptr ? "libcupti.so.13" : path, RTLD_LAZY);
  if (library == nullptr) std::abort();  // a floor that measures nothing must not pass for one
  using Register = abi::Code (*)(abi::RequestBuffer, abi::CompleteBuffer);
  using Enable = abi::Code (*)(std::uint32_t);
  const auto enlist = reinterpret_cast<Register>(dlsym(library, "cuptiActivityRegisterCallbacks"));
  const auto enable = reinterpret_cast<Enable>(dlsym(library, "cuptiActivityEnable"));
  flush_all = reinterpret_cast<Enable>(dlsym(library, "cuptiActivityFlushAll"));
  if (enlist(hand_out, take_back) != abi::kSuccess ||
      enable(abi::kConcurrentKernel) != abi::kSuccess)
    std::abort();
  constexpr std::pair<char, abi::Kind> kMore[] = {{'c', abi::kMemcpy},
                                                  {'m', abi::kMemset},
                                                  {'p', abi::kMemcpyPeer},
                                                  {'s', abi::kSynchronization}};
  if (const char* kinds = std::getenv("FLOOR_KINDS"))
    for (const auto& [letter, kind] : kMore)
      if (std::strchr(kinds, letter) != nullptr) enable(kind);
  std::atexit(at_exit);
  return 1;
}
