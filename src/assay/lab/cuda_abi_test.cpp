// SPDX-License-Identifier: Apache-2.0
// Our binary interface against CUDA's own header, where one is installed.
#include "assay/lab/cuda_abi.hpp"

#include <gtest/gtest.h>

#include <cstddef>

#include "assay/lab/cuda.hpp"

#if __has_include(<cuda.h>)
#include <cuda.h>
#endif

namespace assay::lab {
namespace {

// kernels/common.cuh has the same five words in the same order.
static_assert(sizeof(Control) == 40 && offsetof(Control, work) == 8 &&
              offsetof(Control, cycles) == 16 && offsetof(Control, elapsed_ns) == 24);
static_assert(sizeof(abi::DevicePtr) == sizeof(DevicePtr));

#if __has_include(<cuda.h>)
TEST(CudaAbi, AgreesWithTheRealHeader) {
  EXPECT_EQ(sizeof(abi::Uuid), sizeof(CUuuid));
  EXPECT_EQ(sizeof(abi::DevicePtr), sizeof(CUdeviceptr));
  EXPECT_EQ(sizeof(abi::Device), sizeof(CUdevice));
  EXPECT_EQ(sizeof(abi::Status), sizeof(CUresult));
  EXPECT_EQ(int{abi::kMultiprocessorCount}, int{CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT});
  EXPECT_EQ(int{abi::kL2CacheSize}, int{CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE});
  EXPECT_EQ(int{abi::kComputeCapabilityMajor}, int{CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR});
  EXPECT_EQ(int{abi::kComputeCapabilityMinor}, int{CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR});
  EXPECT_EQ(int{abi::kJitErrorLogBuffer}, int{CU_JIT_ERROR_LOG_BUFFER});
  EXPECT_EQ(int{abi::kJitErrorLogBufferSizeBytes}, int{CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES});
  EXPECT_EQ(abi::kContextBlockingSync, unsigned{CU_CTX_SCHED_BLOCKING_SYNC});
  EXPECT_EQ(abi::kEventBlockingSync, unsigned{CU_EVENT_BLOCKING_SYNC});
  EXPECT_EQ(abi::kStreamNonBlocking, unsigned{CU_STREAM_NON_BLOCKING});
}
#else
TEST(CudaAbi, AgreesWithTheRealHeader) {
  GTEST_SKIP() << "cuda.h is not installed here: nothing to compare with";
}
#endif

}  // namespace
}  // namespace assay::lab
