// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "assay/nvml_abi/abi.hpp"
#include "assay/nvml_abi/device.hpp"
#include "assay/nvml_sim/board.hpp"
#include "assay/nvml_sim/handle.hpp"
#include "assay/sim/device.hpp"

namespace assay::nvml_sim {

// The bit of an event that NVML tells of such a log entry; 0 where it tells none.
std::uint64_t event_type(sim::EventKind kind);
// All that event_type may give.
inline constexpr std::uint64_t kKnownEvents =
    nvml_abi::kEventXid | nvml_abi::kEventCorrectedEcc | nvml_abi::kEventUncorrectedEcc;

// What a client listens to: how far in each device's log it has read, and for which events.
struct EventSet {
  struct Registration {
    Board* board = nullptr;
    nvml_abi::DeviceHandle device = nullptr;
    std::uint64_t types = 0;
    std::size_t read = 0;  // entries of the device's log
  };
  std::mutex mutex;
  std::vector<Registration> registrations;
  bool freed = false;
};

// The event sets that a client has made, by handle. Any thread may call.
class EventSets {
 public:
  using Handle = nvml_abi::EventSetHandle;

  Handle create();
  // The set, which a thread that waits on it keeps alive; nullptr for a handle of nothing.
  std::shared_ptr<EventSet> find(Handle handle);
  bool erase(Handle handle);

 private:
  using Numbers = Handles<Handle, 0x7a57'a700'0000>;
  std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<EventSet>> sets_;
};

}  // namespace assay::nvml_sim
