// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/integrals.hpp"

#include <type_traits>

namespace assay::sim {
namespace {

// Calls visit(member of each), member by member, so that each is named once.
template <typename Visit, typename... All>
void for_each(Visit visit, All&... all) {
  visit(all.present_ns...);
  visit(all.busy_ns...);
  visit(all.compute_ns...);
  visit(all.memory_ns...);
  visit(all.elapsed_cycles...);
  visit(all.sm_active_cycles...);
  visit(all.warp_cycles...);
  for (std::size_t i = 0; i < kPipeCount; ++i) visit(all.pipe_cycles[i]...);
  visit(all.dram_read_bytes...);
  visit(all.dram_write_bytes...);
  visit(all.pcie_tx_bytes...);
  visit(all.pcie_rx_bytes...);
  visit(all.nvlink_tx_bytes...);
  visit(all.nvlink_rx_bytes...);
  visit(all.energy_j...);
  visit(all.launches...);
}

template <typename T>
using Wide = std::conditional_t<std::is_integral_v<T>, std::int64_t, long double>;

double tensor_of(const PipeArray& pipes) {
  return pipes[index(Pipe::hmma)] + pipes[index(Pipe::imma)] + pipes[index(Pipe::dmma)];
}

}  // namespace

double Integrals::tensor_cycles() const { return tensor_of(pipe_cycles); }

Integrals& Integrals::operator+=(const Integrals& other) {
  for_each([](auto& mine, const auto& more) { mine += more; }, *this, other);
  return *this;
}

Integrals& Integrals::operator-=(const Integrals& other) {
  for_each([](auto& mine, const auto& less) { mine -= less; }, *this, other);
  return *this;
}

Integrals Integrals::times(std::int64_t n) const {
  Integrals out;
  for_each(
      [n](auto& mine, const auto& one) {
        mine = one * static_cast<std::remove_reference_t<decltype(mine)>>(n);
      },
      out, *this);
  return out;
}

Integrals base_plus(const Integrals& base, const Integrals& one, std::int64_t n,
                    const Integrals& more) {
  Integrals out;
  for_each(
      [n](auto& sum, const auto& a, const auto& b, const auto& c) {
        using T = std::remove_reference_t<decltype(sum)>;
        using W = Wide<T>;
        sum = static_cast<T>(static_cast<W>(a) + static_cast<W>(b) * static_cast<W>(n) +
                             static_cast<W>(c));
      },
      out, base, one, more);
  return out;
}

ProcessIntegrals& ProcessIntegrals::operator+=(const ProcessIntegrals& other) {
  compute_ns += other.compute_ns;
  sm_active_cycles += other.sm_active_cycles;
  return *this;
}

ProcessIntegrals& ProcessIntegrals::operator-=(const ProcessIntegrals& other) {
  compute_ns -= other.compute_ns;
  sm_active_cycles -= other.sm_active_cycles;
  return *this;
}

ProcessIntegrals ProcessIntegrals::times(std::int64_t n) const {
  return {compute_ns * n, sm_active_cycles * static_cast<double>(n)};
}

std::optional<Shares> shares(const Integrals& window, const Capacity& capacity) {
  if (window.present_ns <= 0 || window.elapsed_cycles <= 0) return std::nullopt;
  const auto ns = static_cast<double>(window.present_ns);
  const Seconds time(ns * 1e-9);
  const auto of_time = [ns](std::int64_t part) {
    return Ratio::fraction(static_cast<double>(part) / ns);
  };
  const double sm_cycles = window.elapsed_cycles * capacity.sm_count;
  const auto of_cycles = [sm_cycles](double part) { return Ratio::fraction(part / sm_cycles); };

  Shares out;
  out.busy = of_time(window.busy_ns);
  out.compute = of_time(window.compute_ns);
  out.memory = of_time(window.memory_ns);
  out.sm_active = of_cycles(window.sm_active_cycles);
  out.occupancy = of_cycles(window.warp_cycles / capacity.warps_per_sm);
  out.tensor = of_cycles(window.tensor_cycles());
  for (std::size_t i = 0; i < kPipeCount; ++i) out.pipe[i] = of_cycles(window.pipe_cycles[i]);
  const Bytes dram(window.dram_read_bytes + window.dram_write_bytes);
  out.dram = Ratio::fraction((dram / time) / capacity.dram_peak);
  out.pcie_tx = Bytes(window.pcie_tx_bytes) / time;
  out.pcie_rx = Bytes(window.pcie_rx_bytes) / time;
  out.nvlink_tx = Bytes(window.nvlink_tx_bytes) / time;
  out.nvlink_rx = Bytes(window.nvlink_rx_bytes) / time;
  out.power = Joules(window.energy_j) / time;
  return out;
}

}  // namespace assay::sim
