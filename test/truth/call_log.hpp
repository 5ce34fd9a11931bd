// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "assay/probe/nvml/calls.hpp"
#include "assay/probe/nvml/nvml.hpp"

namespace assay::test {

using probe::nvml::Call;
using probe::nvml::Return;

// One call that the probe made, and what it was answered.
struct CallEntry {
  Call call{};
  bool fast = false;       // by the thread that takes the samples
  Return code{};           // the one that the probe saw
  std::int64_t at_ns = 0;  // when the driver looked at the device
  // Of gpm_metrics_get: the earlier sample; at_ns is the later's. Of the driver's own buffers: the
  // newest entry that the probe had seen.
  std::int64_t earlier_ns = 0;
  std::int64_t offset_mj = 0;  // of energy: what the counter has lost by going back
  std::uint32_t which = 0;  // of clock: its type; of gpm_metrics_get: the metric that is nonsense
  bool nonsense = false;
};

// What was asked of each device, in the order of each lane. Any thread may call.
class CallLog {
 public:
  explicit CallLog(std::size_t devices) : entries_(devices) {}

  // A device of -1 (a call to the library itself) is not kept.
  void add(int device, const CallEntry& entry) {
    if (device < 0) return;
    const std::lock_guard lock(mutex_);
    entries_[static_cast<std::size_t>(device)].push_back(entry);
  }
  // All of one device so far. A copy: a lane that was held up may still end its last call.
  [[nodiscard]] std::vector<CallEntry> of(std::size_t device) const {
    const std::lock_guard lock(mutex_);
    return entries_[device];
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::vector<CallEntry>> entries_;
};

}  // namespace assay::test
