// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "assay/sim/pipe.hpp"
#include "assay/units/units.hpp"

namespace assay::sim {

// What one device has done since the scenario's epoch: sums that never fall and are never reset, a
// reload of the driver included (Device::at_load() says where the driver's own counters start).
// While a device is lost or its driver is gone, nothing grows. Take two and subtract.
struct Integrals {
  std::int64_t present_ns = 0;  // time in which the device was there
  std::int64_t busy_ns = 0;     // a kernel resident, being launched or switched, or a copy running:
                                // what the driver samples as GPU-Util
  std::int64_t compute_ns = 0;  // the same without copies: the compute engine is busy
  std::int64_t memory_ns = 0;   // device memory is being read or written: NVML's memory util
  double elapsed_cycles = 0;    // of the SM clock, of one SM
  double sm_active_cycles = 0;  // with at least one resident warp, summed over SMs
  double warp_cycles = 0;       // resident warps x cycles, summed over SMs
  PipeArray pipe_cycles{};      // pipe's work in cycles at its peak, summed over SMs
  double dram_read_bytes = 0;
  double dram_write_bytes = 0;
  double pcie_tx_bytes = 0;  // sent by the device (d2h)
  double pcie_rx_bytes = 0;
  double nvlink_tx_bytes = 0;
  double nvlink_rx_bytes = 0;
  double energy_j = 0;
  std::int64_t launches = 0;  // grids that began to be launched

  // Any tensor pipe: hmma + imma + dmma.
  [[nodiscard]] double tensor_cycles() const;

  Integrals& operator+=(const Integrals& other);
  Integrals& operator-=(const Integrals& other);
  friend Integrals operator+(Integrals a, const Integrals& b) { return a += b; }
  friend Integrals operator-(Integrals a, const Integrals& b) { return a -= b; }
  // n times over; exact for the whole numbers.
  [[nodiscard]] Integrals times(std::int64_t n) const;
  friend bool operator==(const Integrals&, const Integrals&) = default;
};

// base + n * one + more, rounded once: as n and `more` grow, so does the sum.
Integrals base_plus(const Integrals& base, const Integrals& one, std::int64_t n,
                    const Integrals& more);

// Of one process on one device, since the epoch.
struct ProcessIntegrals {
  std::int64_t compute_ns = 0;  // it held the compute engine with a kernel of its own
  double sm_active_cycles = 0;
  ProcessIntegrals& operator+=(const ProcessIntegrals& other);
  ProcessIntegrals& operator-=(const ProcessIntegrals& other);
  [[nodiscard]] ProcessIntegrals times(std::int64_t n) const;
  friend bool operator==(const ProcessIntegrals&, const ProcessIntegrals&) = default;
};

// What a meter without error shows over a window.
struct Shares {
  Ratio busy, compute, memory;  // of time
  Ratio sm_active, occupancy;   // of SM cycles; of warp slots x cycles
  Ratio tensor;                 // the three kinds together
  std::array<Ratio, kPipeCount> pipe;
  Ratio dram;  // of the chip's peak bandwidth
  BytesPerSecond pcie_tx, pcie_rx, nvlink_tx, nvlink_rx;
  Watts power;
};

// What the shares are taken of.
struct Capacity {
  int sm_count = 0;
  int warps_per_sm = 0;
  BytesPerSecond dram_peak{0};
};

// window: later minus earlier. Nothing where the device was not there in it.
std::optional<Shares> shares(const Integrals& window, const Capacity& capacity);

}  // namespace assay::sim
