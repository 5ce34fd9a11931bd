// SPDX-License-Identifier: Apache-2.0
// A shared library with a little of NVML's ABI, as an old driver would have it: no _v2 of the
// memory call, no GPM, process entries of 32 bytes. dl_nvml_test loads it. Written against the raw
// ABI, not against our abi.hpp, so that a mistake there does not hide itself.
#include <cstddef>
#include <cstdint>
#include <cstring>

extern "C" {

unsigned nvmlInit() { return 0; }
unsigned nvmlShutdown() { return 0; }

unsigned nvmlSystemGetDriverVersion(char* out, unsigned length) {
  const char text[] = "535.54.03";
  if (length < sizeof text) return 7;
  std::memcpy(out, text, sizeof text);
  return 0;
}

unsigned nvmlDeviceGetCount_v2(unsigned* out) {
  *out = 1;
  return 0;
}

unsigned nvmlDeviceGetHandleByIndex_v2(unsigned index, void** out) {
  static int device = 0;
  if (index != 0) return 2;
  *out = &device;
  return 0;
}

unsigned nvmlDeviceGetPowerUsage(void* device, unsigned* out) {
  if (device == nullptr) return 2;
  *out = 123456;
  return 0;
}

unsigned nvmlDeviceGetMemoryInfo(void* device, std::uint64_t* total_free_used) {
  if (device == nullptr) return 2;
  total_free_used[0] = 100;
  total_free_used[1] = 60;
  total_free_used[2] = 40;
  return 0;
}

unsigned nvmlDeviceGetComputeRunningProcesses_v3(void* device, unsigned* count, void* out) {
  if (device == nullptr) return 2;
  constexpr unsigned kProcesses = 3;
  constexpr std::size_t kEntry = 32;
  if (*count < kProcesses) {
    *count = kProcesses;
    return 7;
  }
  *count = kProcesses;
  for (unsigned i = 0; i < kProcesses; ++i) {
    unsigned char entry[kEntry] = {};
    const std::uint32_t pid = 100 + i;
    const std::uint64_t used = 1000 * (i + 1);
    std::memcpy(entry, &pid, sizeof pid);
    std::memcpy(entry + 8, &used, sizeof used);
    std::memcpy(static_cast<unsigned char*>(out) + i * kEntry, entry, kEntry);
  }
  return 0;
}

unsigned nvmlDeviceGetCurrentClocksThrottleReasons(void* device, std::uint64_t* out) {
  if (device == nullptr) return 2;
  *out = 4;
  return 0;
}

}  // extern "C"
