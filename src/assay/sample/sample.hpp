// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "assay/metric/metric.hpp"
#include "assay/sample/reading.hpp"
#include "assay/units/units.hpp"

namespace assay::sample {

// Wall clock in nanoseconds since the Unix epoch, UTC. Only ever shown, stored and ordered:
// windows are measured on a monotonic clock.
struct WallTime {
  std::int64_t unix_ns = 0;
  friend constexpr auto operator<=>(const WallTime&, const WallTime&) = default;
};

// What does not change while a device is up. Unknown text is empty, never a guess.
struct DeviceFacts {
  int index = 0;
  std::string uuid;
  std::string name;    // as the driver says it: "NVIDIA H100 80GB HBM3"
  std::string pci;     // "00000000:01:00.0"
  std::string driver;  // driver version
  std::string chip;    // catalog id, "h100-sxm5-80gb"; empty if the catalog has none
  int cc_major = 0;    // CUDA compute capability; 0 = unknown
  int cc_minor = 0;
  Reading<Count> sm_count;
  friend bool operator==(const DeviceFacts&, const DeviceFacts&) = default;
};

// A process with a context on a device.
struct Process {
  std::int64_t pid = 0;
  std::string name;     // of the executable, empty if not visible from here
  bool compute = true;  // false: graphics only
  Reading<Bytes> memory;
  Reading<Ratio> time_share;  // NVML's per-process utilization: a share of TIME slices,
                              // not of SMs
  friend bool operator==(const Process&, const Process&) = default;
};

// Is the device there, as a whole.
enum class Presence : std::uint8_t { ok, stale, lost };

// One device over one window that ends at `at`. All readings of one sample describe that window or
// the moment of its end. Plain data: copy it, move it between threads.
struct Sample {
  WallTime at;
  Seconds window{0};
  Presence presence = Presence::ok;
  std::string trouble;  // one sentence when presence is not ok: the call that hangs, what to do
  std::array<Reading<double>, metric::kCount> readings{};
  std::vector<Process> processes;
  Reason processes_reason = Reason::not_read;  // none: the list is complete, maybe empty
  // Of windows made into one: in what share of their time there was any process. Of a window of its
  // own the list tells, which is of the moment of its end.
  Reading<Ratio> held;

  // A reading in its own unit: get<metric::Id::power>() is a Reading<Watts>.
  template <metric::Id id>
  [[nodiscard]] Reading<metric::Value<id>> get() const;
  template <metric::Id id>
  void set(const Reading<metric::Value<id>>& reading);

  // The same without the type, for what walks the whole table; the value is in the unit's base.
  [[nodiscard]] const Reading<double>& at_id(metric::Id id) const {
    return readings[metric::index(id)];
  }
  Reading<double>& at_id(metric::Id id) { return readings[metric::index(id)]; }
};

// Where a snapshot comes from; every screen, file and series says it.
enum class OriginKind : std::uint8_t { device, recording, simulation };
std::string_view to_string(OriginKind kind);

struct Origin {
  OriginKind kind = OriginKind::device;
  std::string name;  // host name, file name or scenario
  friend bool operator==(const Origin&, const Origin&) = default;
};

// What assay itself cost and lost.
struct SelfCost {
  Seconds cpu{0};
  Bytes rss{0};
  std::int64_t samples = 0;
  std::int64_t lost = 0;
};

struct DeviceSample {
  DeviceFacts facts;
  Sample sample;
};

// All devices over one window.
struct Snapshot {
  WallTime at;
  Origin origin;
  SelfCost self;
  std::vector<DeviceSample> devices;
};

// Something that happened at a moment: a mark of the lab, an Xid, a device lost, a note.
struct Event {
  WallTime at;
  int device = -1;   // index, -1 = none in particular
  std::string kind;  // "lab-kernel", "xid", "device-lost", "note", "nvidia-smi", ...
  std::string text;  // for "lab-kernel" and the like: one JSON object
  friend bool operator==(const Event&, const Event&) = default;
};

namespace detail {
template <typename T>
T from_base(double value) {
  if constexpr (std::is_same_v<T, Ratio>) return Ratio::fraction(value);
  else return T(value);
}
template <typename To, typename From, typename Convert>
Reading<To> convert(const Reading<From>& from, Convert make) {
  std::optional<To> raw;
  if (from.raw()) raw = make(*from.raw());
  return Reading<To>::restored(raw, from.state(), from.reason(), from.source(), from.window());
}
}  // namespace detail

template <metric::Id id>
Reading<metric::Value<id>> Sample::get() const {
  using T = metric::Value<id>;
  return detail::convert<T>(at_id(id), detail::from_base<T>);
}

template <metric::Id id>
void Sample::set(const Reading<metric::Value<id>>& reading) {
  at_id(id) = detail::convert<double>(reading, [](auto v) { return v.value(); });
}

}  // namespace assay::sample
