// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "assay/sample/kernels.hpp"

namespace assay::probe::trace {

// One thing that ran on a device.
struct TraceEvent {
  std::int64_t pid = 0;
  int device = 0;            // CUDA's number in that process
  std::uint32_t stream = 0;  // CUPTI's number
  std::int64_t start_unix_ns = 0;
  std::int64_t duration_ns = 0;
  std::string_view name;  // of a kernel; empty for a copy
  // Of a kernel: its signature's shape, without name and device. Of a copy: which way, how much.
  const sample::KernelSignature* kernel = nullptr;
  sample::CopyKind copy = sample::CopyKind::other;
  Bytes bytes{0};
};

// Who wants each event. Called on the collector's thread, in the order of arrival: nearly that of
// time within one stream, not across streams. What the event points to lives until it returns.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void on(const TraceEvent& event) = 0;
};

}  // namespace assay::probe::trace
