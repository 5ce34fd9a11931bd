// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "assay/sim/device.hpp"
#include "assay/sim/scenario.hpp"

namespace assay::nvml_sim {

inline constexpr std::int64_t kSecondNs = 1'000'000'000;
// Measured on an H100: GPM's counters change every 100.0 ms.
inline constexpr std::int64_t kGpmRefreshNs = 100'000'000;
// Windows that the driver's sample buffers hold (an H100 keeps up to 120).
inline constexpr std::size_t kSampleDepth = 120;

// One process's part of a window.
struct ProcessShare {
  std::int64_t pid = 0;
  double compute = 0;  // share of the window's time in which it held the compute engine
};

// One of the driver's sampling windows: begins where the one before it ended.
struct Window {
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;
  double busy = 0;     // share of time, 0..1
  double memory = 0;   // share of time, 0..1
  double watts = 0;    // mean board power
  double pcie_tx = 0;  // bytes a second
  double pcie_rx = 0;
  std::vector<ProcessShare> processes;
};

// What GPM's counters showed at their last refresh.
struct GpmLatch {
  std::int64_t at_ns = 0;
  std::int64_t loaded_at_ns = 0;  // the driver's load that the counters belong to
  sim::Integrals counters;
};

// One simulated device as the driver's sampling sees it: it is stopped at the ends of the sampling
// windows and at GPM's refreshes on its way to "now". What it shows is a function of the scenario
// and the time, however often it is asked, but for windows from before the first question, of
// which the last kSampleDepth are made up for.
// Thread rule: hold mutex() for every call.
class Board {
 public:
  // Both must outlive the Board.
  Board(sim::Device& device, const sim::DevicePlan& plan);

  [[nodiscard]] std::mutex& mutex() { return mutex_; }
  // Nanoseconds since the epoch; an earlier time than before leaves it where it is.
  void advance_to(std::int64_t now_ns);

  [[nodiscard]] const sim::Device& device() const { return device_; }
  [[nodiscard]] const sim::Moment& moment() const { return moment_; }
  [[nodiscard]] const sim::DeviceFacts& facts() const { return device_.facts(); }
  [[nodiscard]] const sim::DevicePlan& plan() const { return plan_; }
  [[nodiscard]] bool at_least(int major, int minor = 0) const;  // compute capability

  // The windows that have ended since the driver was loaded, oldest first. The first may be shorter
  // than the others: windows end at whole multiples of their length.
  [[nodiscard]] std::span<const Window> windows() const;
  // The last of them; before there is one, what there is of the first.
  [[nodiscard]] Window latest() const;
  [[nodiscard]] std::int64_t window_ns() const { return window_ns_; }
  // Mean board power over the second that ends now (less if the driver was loaded later).
  [[nodiscard]] double mean_watts() const;
  // Energy since the driver was loaded.
  [[nodiscard]] std::uint64_t millijoules() const;
  [[nodiscard]] const GpmLatch& gpm() const { return gpm_; }

 private:
  struct Stop {
    std::int64_t at_ns = 0;
    std::int64_t loaded_at_ns = 0;
    sim::Integrals counters;
    std::vector<sim::ProcessState> processes;
  };
  [[nodiscard]] Stop stop() const;
  void end_window();
  void notice_load();
  void latch_gpm();
  [[nodiscard]] static Window between(const Stop& begin, const Stop& end);

  std::mutex mutex_;
  sim::Device& device_;
  const sim::DevicePlan& plan_;
  std::int64_t window_ns_;
  sim::Moment moment_;
  Stop begun_;  // the present window's begin
  std::vector<Window> windows_;
  GpmLatch gpm_;
};

}  // namespace assay::nvml_sim
