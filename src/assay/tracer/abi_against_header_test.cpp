// SPDX-License-Identifier: Apache-2.0
// Our CUPTI ABI against NVIDIA's own header, where there is one: each field at its place in every
// version of its struct that the tracer says it knows.
#include <gtest/gtest.h>

#include "assay/tracer/cupti_abi.hpp"
#include "assay/tracer/driver_abi.hpp"

#if __has_include(<cupti_activity.h>) && __has_include(<cuda.h>)
#include <cuda.h>
#include <cupti.h>

namespace assay::tracer {
namespace {

#define SAME(Ours, ours, Theirs, theirs)                                \
  static_assert(offsetof(abi::Ours, ours) == offsetof(Theirs, theirs)); \
  static_assert(sizeof(abi::Ours::ours) == sizeof(Theirs::theirs))

#define SAME_KERNEL(Theirs)                                                          \
  SAME(KernelRecord, registers, Theirs, registersPerThread);                         \
  SAME(KernelRecord, start, Theirs, start);                                          \
  SAME(KernelRecord, end, Theirs, end);                                              \
  SAME(KernelRecord, device, Theirs, deviceId);                                      \
  SAME(KernelRecord, context, Theirs, contextId);                                    \
  SAME(KernelRecord, stream, Theirs, streamId);                                      \
  static_assert(offsetof(abi::KernelRecord, grid) == offsetof(Theirs, gridX));       \
  static_assert(offsetof(abi::KernelRecord, grid) + 8 == offsetof(Theirs, gridZ));   \
  static_assert(offsetof(abi::KernelRecord, block) == offsetof(Theirs, blockX));     \
  static_assert(offsetof(abi::KernelRecord, block) + 8 == offsetof(Theirs, blockZ)); \
  SAME(KernelRecord, static_shared, Theirs, staticSharedMemory);                     \
  SAME(KernelRecord, dynamic_shared, Theirs, dynamicSharedMemory);                   \
  SAME(KernelRecord, correlation, Theirs, correlationId);                            \
  SAME(KernelRecord, name, Theirs, name)

SAME_KERNEL(CUpti_ActivityKernel4);
SAME_KERNEL(CUpti_ActivityKernel5);
SAME_KERNEL(CUpti_ActivityKernel6);
SAME_KERNEL(CUpti_ActivityKernel7);
SAME_KERNEL(CUpti_ActivityKernel8);
SAME_KERNEL(CUpti_ActivityKernel9);
SAME_KERNEL(CUpti_ActivityKernel10);
SAME(KernelRecord, graph_node, CUpti_ActivityKernel5, graphNodeId);
SAME(KernelRecord, graph_node, CUpti_ActivityKernel10, graphNodeId);

#define SAME_TRANSFER(Ours, Theirs)     \
  SAME(Ours, bytes, Theirs, bytes);     \
  SAME(Ours, start, Theirs, start);     \
  SAME(Ours, end, Theirs, end);         \
  SAME(Ours, device, Theirs, deviceId); \
  SAME(Ours, stream, Theirs, streamId)

SAME_TRANSFER(CopyRecord, CUpti_ActivityMemcpy);
SAME_TRANSFER(CopyRecord, CUpti_ActivityMemcpy6);
SAME(CopyRecord, way, CUpti_ActivityMemcpy, copyKind);
SAME(CopyRecord, way, CUpti_ActivityMemcpy6, copyKind);
SAME_TRANSFER(CopyRecord, CUpti_ActivityMemcpyPtoP);
SAME_TRANSFER(CopyRecord, CUpti_ActivityMemcpyPtoP4);
SAME_TRANSFER(MemsetRecord, CUpti_ActivityMemset);
SAME_TRANSFER(MemsetRecord, CUpti_ActivityMemset4);

#define SAME_GRAPH(Theirs)                     \
  SAME(GraphRecord, start, Theirs, start);     \
  SAME(GraphRecord, end, Theirs, end);         \
  SAME(GraphRecord, device, Theirs, deviceId); \
  SAME(GraphRecord, graph, Theirs, graphId);   \
  SAME(GraphRecord, stream, Theirs, streamId)
SAME_GRAPH(CUpti_ActivityGraphTrace);
SAME_GRAPH(CUpti_ActivityGraphTrace2);

SAME(SynchronizationRecord, start, CUpti_ActivitySynchronization, start);
SAME(SynchronizationRecord, end, CUpti_ActivitySynchronization2, end);

static_assert(static_cast<unsigned>(abi::kConcurrentKernel) ==
              static_cast<unsigned>(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL));
static_assert(static_cast<unsigned>(abi::kMemcpy) ==
              static_cast<unsigned>(CUPTI_ACTIVITY_KIND_MEMCPY));
static_assert(static_cast<unsigned>(abi::kMemcpyPeer) ==
              static_cast<unsigned>(CUPTI_ACTIVITY_KIND_MEMCPY2));
static_assert(static_cast<unsigned>(abi::kMemset) ==
              static_cast<unsigned>(CUPTI_ACTIVITY_KIND_MEMSET));
static_assert(static_cast<unsigned>(abi::kSynchronization) ==
              static_cast<unsigned>(CUPTI_ACTIVITY_KIND_SYNCHRONIZATION));
static_assert(static_cast<unsigned>(abi::kGraphTrace) ==
              static_cast<unsigned>(CUPTI_ACTIVITY_KIND_GRAPH_TRACE));
static_assert(static_cast<unsigned>(abi::kNoMoreRecords) ==
              static_cast<unsigned>(CUPTI_ERROR_MAX_LIMIT_REACHED));
static_assert(static_cast<unsigned>(abi::kZeroedOutBuffers) ==
              static_cast<unsigned>(CUPTI_ACTIVITY_ATTR_ZEROED_OUT_ACTIVITY_BUFFER));
static_assert(abi::kMultiprocessorCount == int{CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT});
static_assert(abi::kComputeCapabilityMajor == int{CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR});
static_assert(abi::kComputeCapabilityMinor == int{CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR});
static_assert(sizeof(CUuuid) == 16 && sizeof(CUdevice) == sizeof(abi::Device));
static_assert(static_cast<unsigned>(abi::kFlushForced) ==
              static_cast<unsigned>(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED));

TEST(CuptiAbi, IsTheHeaders) { EXPECT_TRUE(abi::is_known(CUPTI_API_VERSION)); }

}  // namespace
}  // namespace assay::tracer
#else
TEST(CuptiAbi, IsTheHeaders) { GTEST_SKIP() << "no cupti_activity.h here"; }
#endif

namespace assay::tracer {
namespace {

TEST(CuptiAbi, KnowsItsVersionsOnly) {
  for (const std::uint32_t known : {12U, 18U, 28U, 130000U, 130001U, 130100U})
    EXPECT_TRUE(abi::is_known(known)) << known;
  for (const std::uint32_t unknown : {0U, 11U, 29U, 129999U, 140000U})
    EXPECT_FALSE(abi::is_known(unknown)) << unknown;
}

}  // namespace
}  // namespace assay::tracer
