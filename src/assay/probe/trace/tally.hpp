// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "assay/probe/trace/burst_count.hpp"
#include "assay/probe/trace/event_sink.hpp"
#include "assay/probe/trace/name_pool.hpp"
#include "assay/probe/trace/row_book.hpp"
#include "assay/probe/trace/timeline.hpp"
#include "assay/sample/kernels.hpp"
#include "assay/trace_ring/layout.hpp"

namespace assay::probe::trace {

// Gathers the slots of all processes into one table, in bounded memory. No I/O; one thread.
class Tally {
 public:
  explicit Tally(EventSink* sink = nullptr, std::size_t most_rows = RowBook::kMostRows)
      : sink_(sink), book_(most_rows) {}
  Tally(const Tally&) = delete;  // timelines point into the book
  Tally& operator=(const Tally&) = delete;

  // A process's slots, in order; `process` is a number that the caller gives each, from 0.
  // `to_unix_ns` is added to its times for the sink. A stream of nonsense makes nonsense rows, but
  // nothing worse.
  void take(std::size_t process, std::int64_t pid, std::int64_t to_unix_ns,
            std::span<const trace_ring::Slot> slots);
  // The process's tracing ended then (0 = unknown), in its own clock. Once a process, at the end.
  void close(std::size_t process, std::uint64_t ended);

  [[nodiscard]] std::int64_t records_of(std::size_t process) const {
    return process < processes_.size() ? processes_[process].records : 0;
  }
  // UUIDs of the devices that kernels were seen on.
  [[nodiscard]] std::vector<std::string> worked() const;
  // The table of all that was taken; without processes and losses, which the caller knows. To be
  // called once, at the end.
  sample::KernelTable result();

 private:
  struct Device {
    std::size_t process = 0;
    sample::TracedDevice facts;
    std::uint64_t kernels_ns = 0;
    Timeline timeline;
  };
  struct Process {
    std::int64_t pid = 0;
    std::int64_t to_unix_ns = 0;
    std::unordered_map<std::uint32_t, std::uint32_t> names;    // ring's id to pool's number
    std::unordered_map<std::uint16_t, std::uint32_t> devices;  // CUDA's number to devices_
    trace_ring::TextSlot text;                                 // whose text is being read
    std::string text_read;
    std::size_t text_slots_left = 0;
    std::int64_t records = 0;
    BurstCount bursts;
    std::vector<Row*> in_burst;  // rows with time in the burst that is open
  };

  void take_one(Process& process, const trace_ring::Slot& slot);
  void take_kernel(Process& process, const trace_ring::KernelSlot& slot);
  void take_copy(Process& process, const trace_ring::CopySlot& slot);
  void take_span(Process& process, const trace_ring::SpanSlot& slot);
  void take_text(Process& process);
  static void settle(Process& process);
  void set_scale();
  std::uint32_t device_of(Process& process, std::uint16_t ordinal);
  void tell(const Process& process, const trace_ring::KernelSlot& slot, const RowKey& key);

  EventSink* sink_;
  NamePool names_;
  RowBook book_;
  std::vector<Process> processes_;
  std::vector<Device> devices_;
  sample::KernelTable table_;
};

}  // namespace assay::probe::trace
