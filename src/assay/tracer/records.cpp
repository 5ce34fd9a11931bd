// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/records.hpp"

namespace assay::tracer {
namespace {

using trace_ring::KernelSlot;

constexpr std::int32_t kMostThreads = 1024;  // of a block; CUDA's limit since 2.0

std::uint16_t narrow(std::uint32_t value) { return static_cast<std::uint16_t>(value); }

// A record of a shape that the tracer only thinks it knows would fail here.
bool plausible(const abi::KernelRecord& kernel) {
  std::int64_t threads = 1;
  for (int axis = 0; axis < 3; ++axis) {
    if (kernel.grid[axis] < 1 || kernel.block[axis] < 1 || kernel.block[axis] > kMostThreads)
      return false;
    threads *= kernel.block[axis];
  }
  return threads <= kMostThreads && kernel.end >= kernel.start && kernel.static_shared >= 0 &&
         kernel.dynamic_shared >= 0;
}

}  // namespace

void Records::not_understood() { page_->not_understood.fetch_add(1, std::memory_order_relaxed); }

void Records::walk(std::uint8_t* buffer, std::size_t valid) {
  names_.begin_buffer();
  abi::Record* record = nullptr;
  while (cupti_->next_record(buffer, valid, &record) == abi::kSuccess) take(*record);
  std::size_t dropped = 0;
  if (cupti_->dropped(nullptr, 0, &dropped) == abi::kSuccess && dropped != 0)
    page_->lost_cupti.fetch_add(dropped, std::memory_order_relaxed);
  writer_->publish();
}

void Records::take(const abi::Record& record) {
  switch (record.kind) {
    case abi::kConcurrentKernel: return take(reinterpret_cast<const abi::KernelRecord&>(record));
    case abi::kMemcpy:
    case abi::kMemcpyPeer: return take(reinterpret_cast<const abi::CopyRecord&>(record));
    case abi::kMemset: return take(reinterpret_cast<const abi::MemsetRecord&>(record));
    case abi::kGraphTrace: return take(reinterpret_cast<const abi::GraphRecord&>(record));
    case abi::kSynchronization:
      return take(reinterpret_cast<const abi::SynchronizationRecord&>(record));
    default: return;  // CUPTI adds records of its own accord; not asked for, not counted
  }
}

void Records::take(const abi::KernelRecord& record) {
  if (!plausible(record)) return not_understood();
  // CUPTI gives both as 0 where it could not take the time.
  if (record.start == 0 || record.end == 0) {
    page_->lost_cupti.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  const bool in_graph = abi::has_graph_nodes(version_) && record.graph_node != 0;
  if (in_graph && record.start < not_before_) return not_understood();
  const std::uint32_t name = names_.id_of(record.name, *writer_);
  if (name == Names::kNoRoom) {
    page_->lost_full.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  KernelSlot slot;
  slot.flags = in_graph ? trace_ring::kInGraph : std::uint8_t{0};
  slot.device = narrow(record.device);
  slot.name = name;
  slot.start = record.start;
  slot.end = record.end;
  slot.stream = record.stream;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    slot.grid[axis] = static_cast<std::uint32_t>(record.grid[axis]);
    slot.block[axis] = narrow(static_cast<std::uint32_t>(record.block[axis]));
  }
  slot.registers = record.registers;
  slot.static_shared = static_cast<std::uint32_t>(record.static_shared);
  slot.dynamic_shared = static_cast<std::uint32_t>(record.dynamic_shared);
  slot.launch = static_cast<std::uint32_t>(record.grid_id);
  writer_->push(slot);
}

void Records::take(const abi::CopyRecord& record) {
  trace_ring::CopySlot slot;
  slot.way = record.kind == abi::kMemcpyPeer ? std::uint8_t{10} : record.way;
  slot.device = narrow(record.device);
  slot.stream = record.stream;
  slot.start = record.start;
  slot.end = record.end;
  slot.bytes = record.bytes;
  writer_->push(slot);
}

void Records::take(const abi::MemsetRecord& record) {
  trace_ring::CopySlot slot;
  slot.way = trace_ring::kMemset;
  slot.device = narrow(record.device);
  slot.stream = record.stream;
  slot.start = record.start;
  slot.end = record.end;
  slot.bytes = record.bytes;
  writer_->push(slot);
}

void Records::take(const abi::GraphRecord& record) {
  if (record.start == 0 || record.end < record.start) return not_understood();
  KernelSlot slot;
  slot.flags = trace_ring::kWholeGraph;
  slot.device = narrow(record.device);
  slot.start = record.start;
  slot.end = record.end;
  slot.stream = record.stream;
  slot.graph = record.graph;
  writer_->push(slot);
}

void Records::take(const abi::SynchronizationRecord& record) {
  trace_ring::SpanSlot slot;
  slot.start = record.start;
  slot.end = record.end;
  writer_->push(slot);
}

}  // namespace assay::tracer
