// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace assay::nvml_sim {

// What time it is for the simulated devices. Any thread may call; now_ns never falls.
class TimeSource {
 public:
  virtual ~TimeSource() = default;

  // Nanoseconds since the scenario's epoch, 0 before it.
  [[nodiscard]] virtual std::int64_t now_ns() = 0;
  // The host's wall clock, in microseconds since the Unix epoch, as it stood at that time since the
  // scenario's epoch: NVML stamps its samples so.
  [[nodiscard]] virtual std::int64_t wall_us(std::int64_t at_ns) = 0;
  // Returns at that time or, where somebody may want to look in between, a little earlier.
  virtual void wait_until(std::int64_t at_ns) = 0;
};

// CLOCK_MONOTONIC, so that a step of the host's clock moves no device and all processes of a boot
// that name the same epoch see the same device at the same moment.
class MonotonicTime final : public TimeSource {
 public:
  // epoch_ns on CLOCK_MONOTONIC.
  explicit MonotonicTime(std::int64_t epoch_ns);
  static std::int64_t monotonic_ns();

  std::int64_t now_ns() override;
  std::int64_t wall_us(std::int64_t at_ns) override;
  void wait_until(std::int64_t at_ns) override;

 private:
  std::int64_t epoch_ns_;
  std::int64_t wall_epoch_us_;  // the wall clock at the epoch, as reckoned when this was made
};

}  // namespace assay::nvml_sim
