// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// The part of libcuda.so.1's binary interface that the lab uses, declared here so that assay builds
// without CUDA. Facts from cuda.h of CUDA 13.0; cuda_abi_test.cpp compares each with that header
// where one is installed. Symbols carry the _v2 suffix where the header's macros add it.
namespace assay::lab::abi {

using Status = int;  // CUresult
using Device = int;  // CUdevice
using DevicePtr = unsigned long long;
using Context = struct ContextTag*;
using Module = struct ModuleTag*;
using Kernel = struct KernelTag*;  // CUfunction
using Stream = struct StreamTag*;
using Event = struct EventTag*;

struct Uuid {
  unsigned char bytes[16];
};

inline constexpr Status kSuccess = 0;

enum Attribute : int {
  kMultiprocessorCount = 16,
  kL2CacheSize = 38,
  kComputeCapabilityMajor = 75,
  kComputeCapabilityMinor = 76,
};

enum JitOption : int {
  kJitErrorLogBuffer = 5,
  kJitErrorLogBufferSizeBytes = 6,
};

inline constexpr unsigned kContextBlockingSync = 4;
inline constexpr unsigned kEventBlockingSync = 1;
inline constexpr unsigned kStreamNonBlocking = 1;

// name in Functions, symbol in the library, parameters.
#define ASSAY_CUDA_FUNCTIONS(X)                                                                    \
  X(init, cuInit, (unsigned))                                                                      \
  X(get_error_name, cuGetErrorName, (Status, const char**))                                        \
  X(driver_version, cuDriverGetVersion, (int*))                                                    \
  X(device_count, cuDeviceGetCount, (int*))                                                        \
  X(device_get, cuDeviceGet, (Device*, int))                                                       \
  X(device_name, cuDeviceGetName, (char*, int, Device))                                            \
  X(device_uuid, cuDeviceGetUuid_v2, (Uuid*, Device))                                              \
  X(device_attribute, cuDeviceGetAttribute, (int*, Attribute, Device))                             \
  X(device_memory, cuDeviceTotalMem_v2, (std::size_t*, Device))                                    \
  X(context_flags, cuDevicePrimaryCtxSetFlags_v2, (Device, unsigned))                              \
  X(context_retain, cuDevicePrimaryCtxRetain, (Context*, Device))                                  \
  X(context_release, cuDevicePrimaryCtxRelease_v2, (Device))                                       \
  X(context_set, cuCtxSetCurrent, (Context))                                                       \
  X(module_load, cuModuleLoadDataEx, (Module*, const void*, unsigned, JitOption*, void**))         \
  X(module_unload, cuModuleUnload, (Module))                                                       \
  X(module_kernel, cuModuleGetFunction, (Kernel*, Module, const char*))                            \
  X(launch, cuLaunchKernel,                                                                        \
    (Kernel, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Stream, void**, \
     void**))                                                                                      \
  X(stream_create, cuStreamCreate, (Stream*, unsigned))                                            \
  X(stream_destroy, cuStreamDestroy_v2, (Stream))                                                  \
  X(stream_synchronize, cuStreamSynchronize, (Stream))                                             \
  X(event_create, cuEventCreate, (Event*, unsigned))                                               \
  X(event_destroy, cuEventDestroy_v2, (Event))                                                     \
  X(event_record, cuEventRecord, (Event, Stream))                                                  \
  X(event_synchronize, cuEventSynchronize, (Event))                                                \
  X(event_elapsed, cuEventElapsedTime, (float*, Event, Event))                                     \
  X(memory_info, cuMemGetInfo_v2, (std::size_t*, std::size_t*))                                    \
  X(memory_alloc, cuMemAlloc_v2, (DevicePtr*, std::size_t))                                        \
  X(memory_free, cuMemFree_v2, (DevicePtr))                                                        \
  X(host_alloc, cuMemHostAlloc, (void**, std::size_t, unsigned))                                   \
  X(host_free, cuMemFreeHost, (void*))                                                             \
  X(copy_in, cuMemcpyHtoDAsync_v2, (DevicePtr, const void*, std::size_t, Stream))                  \
  X(copy_out, cuMemcpyDtoHAsync_v2, (void*, DevicePtr, std::size_t, Stream))                       \
  X(fill_bytes, cuMemsetD8Async, (DevicePtr, unsigned char, std::size_t, Stream))                  \
  X(profiler_start, cuProfilerStart, ())                                                           \
  X(profiler_stop, cuProfilerStop, ())

struct Functions {
#define ASSAY_CUDA_POINTER(name, symbol, parameters) Status(*name) parameters = nullptr;
  ASSAY_CUDA_FUNCTIONS(ASSAY_CUDA_POINTER)
#undef ASSAY_CUDA_POINTER
};

}  // namespace assay::lab::abi
