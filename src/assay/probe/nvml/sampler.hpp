// SPDX-License-Identifier: Apache-2.0
#pragma once

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
  Seconds slow_period{60};     // between readings of what is slow and hardly changes (ECC, limits)
  Seconds init_deadline{60};  // for nvmlInit, which takes seconds where persistence mode is off
  std::shared_ptr<Clock> clock;  // null: the steady clock of the host
  // What snapshots are stamped with; none: this host's own devices. The caller says so where the
  // library is a simulated one.
  std::optional<sample::Origin> origin;
};

// Reads all devices of this host, window by window. One thread a device takes the samples on a
// common grid of the monotonic clock, a second one does what may be slow, so that a call that hangs
// hurts neither the other devices nor the caller. The caller's side is for one thread at a time.
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

  // What happened since the last call: "xid", "device-lost", "device-back", "device-stale".
  std::vector<sample::Event> take_events();

  [[nodiscard]] Seconds init_time() const;  // nvmlInit, and finding the devices
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
