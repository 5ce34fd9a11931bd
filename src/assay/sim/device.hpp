// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/catalog/chip.hpp"
#include "assay/sim/integrals.hpp"
#include "assay/sim/scenario.hpp"
#include "assay/units/units.hpp"

namespace assay::sim {

// Bits as NVML numbers them (nvmlClocksEventReason*).
namespace throttle {
inline constexpr std::uint64_t kGpuIdle = 0x1;
inline constexpr std::uint64_t kApplicationClocks = 0x2;
inline constexpr std::uint64_t kSwPowerCap = 0x4;
inline constexpr std::uint64_t kHwSlowdown = 0x8;
inline constexpr std::uint64_t kSwThermal = 0x20;
inline constexpr std::uint64_t kHwThermal = 0x40;
inline constexpr std::uint64_t kHwPowerBrake = 0x80;
}  // namespace throttle

// What look_ahead() keeps.
enum class Foresight : std::uint8_t {
  all_the_way,  // states some 10 us of work apart
  courses,      // only where a load has begun to repeat itself: the way there is gone anew
};

enum class Presence : std::uint8_t {
  ok,
  lost,      // fell off the bus: NVML answers GPU_IS_LOST
  unloaded,  // the driver is being reloaded: NVML answers as without a driver
};

// What does not change while the scenario runs.
struct DeviceFacts {
  int index = 0;
  std::string uuid;    // "GPU-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
  std::string name;    // NVML's
  std::string serial;  // 13 digits
  std::string pci;     // "00000000:04:00.0"
  std::uint32_t pci_domain = 0;
  std::uint32_t pci_bus = 0;
  const catalog::Chip* chip = nullptr;  // lives as long as any Device of its World
  Capacity capacity;
  Hertz max_sm_clock;
  Hertz memory_clock;  // 0 where the catalog does not know it: answer NOT_SUPPORTED
  Watts default_power_limit;
  Bytes memory_total;
  Bytes memory_reserved;       // by driver and firmware
  Seconds utilization_window;  // of the driver's GPU-Util samples, 1/6 to 1 s
};

// A process that has a context on the device now.
struct ProcessState {
  std::int64_t pid = 0;
  std::string name;
  Bytes memory;  // the user's and the context's own
  std::int64_t since_ns = 0;
  ProcessIntegrals done;
};

// The device at one moment.
struct Moment {
  std::int64_t at_ns = 0;
  Presence presence = Presence::ok;
  Hertz sm_clock;
  Watts power;        // of this moment: a driver shows means, which the integrals give
  Watts power_limit;  // enforced
  Celsius temperature;
  Celsius memory_temperature;
  std::uint64_t throttle = 0;         // throttle::k... bits
  Bytes memory_used;                  // by processes, without what is reserved
  std::uint64_t ecc_corrected = 0;    // since the driver was loaded
  std::uint64_t ecc_uncorrected = 0;  // since the driver was loaded
  int last_xid = 0;                   // 0: none since the driver was loaded
};

// Something that happened by itself: for NVML events and for assay's event log.
struct LogEntry {
  std::int64_t at_ns = 0;
  EventKind kind = EventKind::xid;
  double value = 0;  // Xid number, count, watts, ...: EventSpec's
};

class Engine;

// One simulated device on the way through its scenario. Its state is a function of the scenario
// and the time alone: however many steps lead to a time, the integrals are the same to the bit. A
// value: a copy goes on by itself, so one that lags behind reads windows that ended in the past.
// Devices do not see each other. One thread a Device; different ones may run on different threads.
class Device {
 public:
  Device(const Device& other);
  Device& operator=(const Device& other);
  Device(Device&&) noexcept;
  Device& operator=(Device&&) noexcept;
  ~Device();

  // Nanoseconds since the epoch, never less than before (CHECK). A repeating workload is passed
  // over by whole periods: a step costs microseconds however long it is. What does not repeat
  // exactly costs in proportion to the kernels in the step.
  void advance_to(std::int64_t ns);

  // Finds out now what is to come over the next changes of load, so that later steps need not wait
  // for that. Takes up to some milliseconds, and some 10 KiB for each state that it keeps, 50 where
  // something repeats. Returns how many those are. A copy of this device has not looked ahead.
  std::size_t look_ahead(std::size_t most_states = 48,
                         Foresight foresight = Foresight::all_the_way);

  [[nodiscard]] std::int64_t now_ns() const;
  [[nodiscard]] const DeviceFacts& facts() const;
  [[nodiscard]] Integrals integrals() const;
  [[nodiscard]] Moment moment() const;
  // In the scenario's order; empty while the device is not there.
  [[nodiscard]] std::vector<ProcessState> processes() const;
  // All up to now, by time.
  [[nodiscard]] std::span<const LogEntry> log() const;
  // The integrals when the driver was last loaded (all 0 at the epoch): its own counters, such as
  // energy, are integrals() - at_load().
  [[nodiscard]] const Integrals& at_load() const;
  [[nodiscard]] std::int64_t loaded_at_ns() const;

 private:
  friend class World;
  explicit Device(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace assay::sim
