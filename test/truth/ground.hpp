// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "assay/sim/world.hpp"
#include "truth/call_log.hpp"

namespace assay::test {

// The simulated device at one moment.
struct Then {
  std::int64_t at_ns = 0;
  std::int64_t loaded_at_ns = 0;
  sim::Integrals done;
  sim::Integrals at_load;
  sim::Moment moment;
  std::vector<sim::ProcessState> processes;
};

// What a meter without error reads over a window, reckoned here from the integrals alone.
struct Share {
  double compute = 0, sm_active = 0, occupancy = 0, tensor = 0, dram = 0;
  sim::PipeArray pipe{};
  double pcie_tx = 0, pcie_rx = 0, nvlink_tx = 0, nvlink_rx = 0;  // bytes a second
};

// What one device really did: a second world of the same scenario, which nobody but this asks, at
// the moments at which the probe asked the first, and at those that the driver answers about (the
// refresh before, the ends of sampling windows).
class Ground {
 public:
  // moments: more of them.
  Ground(sim::Device device, const std::vector<CallEntry>& calls,
         const std::vector<std::int64_t>& moments);

  [[nodiscard]] const sim::DeviceFacts& facts() const { return device_.facts(); }
  // One of the moments of the calls.
  [[nodiscard]] const Then& at(std::int64_t ns) const;

  // Between the refreshes before two samples; nothing where there is no new data between them.
  [[nodiscard]] std::optional<Share> counters(std::int64_t earlier_ns, std::int64_t later_ns) const;
  struct Sampled {
    double busy = 0;
    double memory = 0;
  };
  // Of the last whole sampling window of the driver before that moment, or of the one that is open
  // where there is none.
  [[nodiscard]] Sampled sampled(std::int64_t ns) const;
  // Mean power over the second before, and the energy that the driver's way to reckon it can place
  // wrongly: that of the sampling window which the second begins in.
  struct MeanPower {
    double watts = 0;
    double slack_watts = 0;
  };
  [[nodiscard]] MeanPower mean_power(std::int64_t ns) const;
  // The mean over the driver's sampling windows that ended after `after_ns`, up to `ns`; nothing
  // where there is none.
  struct Windows {
    std::size_t count = 0;
    double busy_percent = 0;                 // each rounded, as the driver does
    std::map<std::int64_t, double> compute;  // by pid
  };
  [[nodiscard]] Windows windows(std::int64_t after_ns, std::int64_t ns) const;
  [[nodiscard]] std::int64_t window_ns() const { return window_ns_; }
  // All that happened up to the last of the moments.
  [[nodiscard]] std::span<const sim::LogEntry> log() const { return device_.log(); }

 private:
  // What the driver has of the window that ends there; its begin is that of the driver's load where
  // that came later.
  struct Window {
    std::int64_t length_ns = 0;
    sim::Integrals done;
    std::map<std::int64_t, std::int64_t> compute_ns;  // by pid
  };
  [[nodiscard]] Window window(std::int64_t end_ns) const;
  [[nodiscard]] std::vector<std::int64_t> moments_of(const CallEntry& call) const;
  sim::Device device_;
  std::int64_t window_ns_;
  std::vector<Then> moments_;  // by time
};

// The last refresh of the GPM counters at that time.
std::int64_t refresh_before(std::int64_t ns);

}  // namespace assay::test
