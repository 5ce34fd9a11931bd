// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// The part of CUPTI's ABI that the tracer uses, declared anew so that nothing of NVIDIA is needed
// to build. Source: cupti_activity.h of CUDA 13.0 and its deprecated structs;
// abi_against_header_test compares each offset. Record structs only ever grew at their ends since
// CUDA 9.1 (kernels: from CUpti_ActivityKernel4 to 10), so the fields below are read from any of
// them.
namespace assay::tracer::abi {

using Code = int;  // CUptiResult
inline constexpr Code kSuccess = 0;
inline constexpr Code kNoMoreRecords = 12;  // CUPTI_ERROR_MAX_LIMIT_REACHED

// CUPTI_API_VERSIONs whose records have these shapes: 12 (CUDA 10.0) to 28 (12.9), 13.x by xxyyzz.
inline constexpr bool is_known(std::uint32_t version) {
  return (version >= 12 && version <= 28) || (version >= 130000 && version < 140000);
}
inline constexpr bool has_graph_nodes(std::uint32_t version) { return version >= 13; }

enum Kind : std::uint32_t {
  kMemcpy = 1,
  kMemset = 2,
  kConcurrentKernel = 10,
  kMemcpyPeer = 22,
  kSynchronization = 38,
  kGraphTrace = 51,
};

enum Attribute : std::uint32_t { kZeroedOutBuffers = 5 };
inline constexpr std::uint32_t kFlushForced = 1;

// First member of every record.
struct Record {
  std::uint32_t kind;
};

// CUpti_ActivityKernel4 and its successors.
struct KernelRecord {
  std::uint32_t kind;
  std::uint8_t cache_config;
  std::uint8_t shared_config;
  std::uint16_t registers;
  std::uint32_t partitioned_cache[2];
  std::uint64_t start;
  std::uint64_t end;
  std::uint64_t completed;
  std::uint32_t device;
  std::uint32_t context;
  std::uint32_t stream;
  std::int32_t grid[3];
  std::int32_t block[3];
  std::int32_t static_shared;
  std::int32_t dynamic_shared;
  std::uint32_t local_per_thread;
  std::uint32_t local_total;
  std::uint32_t correlation;
  std::int64_t grid_id;
  const char* name;
  void* reserved;
  std::uint64_t queued;
  std::uint64_t submitted;
  std::uint8_t launch_type;
  std::uint8_t carveout[3];
  std::uint32_t shared_executed;
  std::uint64_t graph_node;  // 0: not of a graph. Only where has_graph_nodes(): Kernel5 on
};

// CUpti_ActivityMemcpy and CUpti_ActivityMemcpyPtoP, all versions.
struct CopyRecord {
  std::uint32_t kind;
  std::uint8_t way;  // CUpti_ActivityMemcpyKind
  std::uint8_t from;
  std::uint8_t to;
  std::uint8_t flags;
  std::uint64_t bytes;
  std::uint64_t start;
  std::uint64_t end;
  std::uint32_t device;
  std::uint32_t context;
  std::uint32_t stream;
};

// CUpti_ActivityMemset, all versions.
struct MemsetRecord {
  std::uint32_t kind;
  std::uint32_t value;
  std::uint64_t bytes;
  std::uint64_t start;
  std::uint64_t end;
  std::uint32_t device;
  std::uint32_t context;
  std::uint32_t stream;
};

// CUpti_ActivityGraphTrace and 2.
struct GraphRecord {
  std::uint32_t kind;
  std::uint32_t correlation;
  std::uint64_t start;
  std::uint64_t end;
  std::uint32_t device;
  std::uint32_t graph;
  std::uint32_t context;
  std::uint32_t stream;
};

// CUpti_ActivitySynchronization and 2.
struct SynchronizationRecord {
  std::uint32_t kind;
  std::uint32_t type;
  std::uint64_t start;
  std::uint64_t end;
};

using RequestBuffer = void (*)(std::uint8_t** buffer, std::size_t* size, std::size_t* max_records);
using CompleteBuffer = void (*)(void* context, std::uint32_t stream, std::uint8_t* buffer,
                                std::size_t size, std::size_t valid);

}  // namespace assay::tracer::abi
