// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/probe/nvml/clock.hpp"
#include "assay/probe/nvml/nvml.hpp"
#include "assay/sample/sample.hpp"

namespace assay::probe::nvml {

// GPM's counters refresh every 100.0 ms (measured on an H100, driver 580): two samples closer than
// that hold the same numbers, so no window may be shorter.
inline constexpr Seconds kShortestWindow{0.1};

struct SamplerOptions {
  Seconds period{1};          // length of a window, at least kShortestWindow
  Seconds deadline{1};        // after a window's end: how late a device may be before it is stale
  Seconds slow_period{300};   // between readings of what is slow and hardly changes (ECC, limits)
  Seconds init_deadline{60};  // for nvmlInit, which takes seconds where persistence mode is off
  // For each of the two lanes. Up to so many devices have a thread of their own; more share them.
  std::size_t threads = 16;
  std::shared_ptr<Clock> clock;  // null: the steady clock of the host
  // What snapshots are stamped with; none: this host's own devices. The caller says so where the
  // library is a simulated one.
  std::optional<sample::Origin> origin;
};

// Reads all devices of this host, window by window: the fast lane takes the samples on a common
// grid of the monotonic clock, the slow lane does what may be slow. A call that hangs hurts neither
// the other devices nor the caller (sweep.hpp). The caller's side is for one thread at a time.
// Destruction never waits for a call that hangs: such a thread is left behind with what it needs.
class Sampler {
 public:
  // Initializes NVML, finds the devices and takes their first samples: the first window has begun
  // when it returns. Errors: invalid_argument (a period under kShortestWindow), nothing_to_measure
  // (no driver, no device), timeout (nvmlInit hangs), else as the driver answered. A device that
  // can't be opened is no error: its samples say why.
  static Result<std::unique_ptr<Sampler>> start(std::shared_ptr<Nvml> nvml,
                                                const SamplerOptions& options);
  ~Sampler();
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  // All devices in NVML's order. `chip` is empty: the catalog's to fill. Valid until next().
  [[nodiscard]] std::span<const sample::DeviceFacts> devices() const;

  // The snapshot of the next window: returns when each device has published or is past the
  // deadline. A device in trouble is stale (last values kept) or lost, with one sentence; it does
  // not hold up the next call again. Windows that the caller came too late for are counted as lost.
  sample::Snapshot next();

  // The same, but gives up with nullopt once wake() was called, now or since the last time that
  // this gave up: the window goes on.
  std::optional<sample::Snapshot> next_unless_woken();
  // From any thread, but not from a signal handler.
  void wake();

  // Ends the running window now and returns it, so that a recording's last seconds are in it: at
  // most kShortestWindow (the counters' refresh) later, or the deadline where a device hangs. The
  // window after it lasts to the end of the grid's next. Call it when no earlier window waits to be
  // taken, as after next_unless_woken() gave up.
  sample::Snapshot cut();

  // What happened since the last call: "xid", "device-lost", "device-back", "device-stale".
  std::vector<sample::Event> take_events();

  // nvmlInit, counting the devices, and the first handle of one, with which NVML initializes it.
  [[nodiscard]] Seconds init_time() const;
  // Resident memory that NVML's start and the first samples added: the driver's, not assay's.
  [[nodiscard]] Bytes nvml_rss() const;
  // Windows that device i (as in devices()) has finished so far, the first sample not counted.
  [[nodiscard]] std::int64_t published(std::size_t i) const;

 private:
  struct Impl;
  explicit Sampler(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::probe::nvml
