// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/flow.hpp"

#include <algorithm>
#include <cmath>

namespace assay::sim {
namespace {

// One SM takes at most 64 bytes a cycle from L2 (NVIDIA's Volta and Hopper white papers).
constexpr double kSmBytesPerCycle = 64;
// h2d copies of `assay lab` on an H100 reach 52.6 of 63.0 GB/s.
constexpr double kPcieReached = 52.6 / 63.015;
// Not measured: what NCCL reaches on NVLink 4 is about that.
constexpr double kNvlinkReached = 0.8;

constexpr std::size_t kAnswers = 32;  // some 13 KiB

constexpr std::size_t at(CopyKind kind) { return static_cast<std::size_t>(kind); }

double link_rate(const catalog::Chip& chip, catalog::LinkRole role, double reached) {
  const catalog::Link* link = chip.link(role);
  return link == nullptr ? 0 : link->one_way.value.value() * 1e-9 * reached;
}

// Time of one block, in ns, when nothing else wants what it wants.
double time_alone(const KernelSpec& kernel, const Roofs& roofs, double ghz) {
  double time = std::max(static_cast<double>(kernel.block_ns), kernel.block_cycles / ghz);
  for (const double cycles : kernel.pipe_cycles) {
    time = std::max(time, cycles / (kernel.pipe_efficiency * ghz));
  }
  time = std::max(time, (kernel.dram_read + kernel.dram_write) / (kSmBytesPerCycle * ghz));
  const double pcie = std::max(kernel.pcie_tx, kernel.pcie_rx);
  const double nvlink = std::max(kernel.nvlink_tx, kernel.nvlink_rx);
  if (pcie > 0) time = std::max(time, pcie / roofs.pcie_bytes_ns);
  if (nvlink > 0) time = std::max(time, nvlink / roofs.nvlink_bytes_ns);
  return time;
}

// The part of a link or of DRAM that everything together would take, 1 = all of it; and how much
// of what it wants each user gets.
struct Demand {
  double share = 0;
  [[nodiscard]] double granted() const { return share > 1 ? 1 / share : 1; }
};

}  // namespace

Roofs roofs_of(const catalog::Chip& chip) {
  Roofs roofs;
  roofs.sm_count = chip.sm_count().value_or(0);
  if (const catalog::MemoryTier* memory = chip.device_memory(); memory && memory->bandwidth) {
    roofs.dram_bytes_ns = memory->bandwidth->value.value() * 1e-9;
  }
  roofs.pcie_bytes_ns = link_rate(chip, catalog::LinkRole::host, kPcieReached);
  roofs.nvlink_bytes_ns = link_rate(chip, catalog::LinkRole::scale_up, kNvlinkReached);
  return roofs;
}

void FlowSolver::find_cuts(const Running& running) {
  cuts_.clear();
  for (const Placement& placement : running.placements) {
    cuts_.push_back(placement.lo);
    cuts_.push_back(placement.hi);
  }
  std::ranges::sort(cuts_);
  cuts_.erase(std::unique(cuts_.begin(), cuts_.end()), cuts_.end());
}

// Blocks on one SM share its pipes: where they want more than a pipe gives, all get less by the
// same factor.
void FlowSolver::share_sms(const Running& running, Flow& out) {
  std::vector<double>& rate = out.block_rate;
  std::vector<double>& wanted = out.wanted_rate;
  wanted = rate;
  const auto each_here = [&](std::size_t cut, auto visit) {
    for (std::size_t i = 0; i < running.placements.size(); ++i) {
      const Placement& here = running.placements[i];
      if (here.lo > cuts_[cut] || here.hi < cuts_[cut + 1]) continue;
      const KernelSpec& kernel = running.kernels[here.kernel];
      if (kernel.on_pipes) visit(i, here, kernel);
    }
  };
  for (std::size_t cut = 0; cut + 1 < cuts_.size(); ++cut) {
    PipeArray share{};
    each_here(cut, [&](std::size_t i, const Placement& here, const KernelSpec& kernel) {
      const double factor = here.blocks * wanted[i] / (out.clock_ghz * kernel.pipe_efficiency);
      for (std::size_t p = 0; p < kPipeCount; ++p) share[p] += factor * kernel.pipe_cycles[p];
    });
    if (*std::ranges::max_element(share) <= 1) continue;
    each_here(cut, [&](std::size_t i, const Placement&, const KernelSpec& kernel) {
      for (std::size_t p = 0; p < kPipeCount; ++p) {
        if (share[p] > 1 && kernel.pipe_cycles[p] > 0)
          rate[i] = std::min(rate[i], wanted[i] / share[p]);
      }
    });
  }
}

// The same for what all SMs and the copies share.
void FlowSolver::share_device(const Running& running, Flow& out) {
  Demand dram;
  std::array<Demand, 4> link;  // by CopyKind: h2d is what the device receives, and so on
  for (std::size_t kind = 0; kind < link.size(); ++kind) link[kind].share = running.copies[kind];
  const auto per_link = [](const KernelSpec& kernel) {
    return std::array{kernel.pcie_rx, kernel.pcie_tx, kernel.nvlink_rx, kernel.nvlink_tx};
  };
  const std::array roof{roofs_.pcie_bytes_ns, roofs_.pcie_bytes_ns, roofs_.nvlink_bytes_ns,
                        roofs_.nvlink_bytes_ns};
  for (std::size_t i = 0; i < running.placements.size(); ++i) {
    const KernelSpec& kernel = running.kernels[running.placements[i].kernel];
    const double blocks = static_cast<double>(running.placements[i].total()) * out.block_rate[i];
    const std::array bytes = per_link(kernel);
    for (std::size_t kind = 0; kind < link.size(); ++kind) {
      if (bytes[kind] > 0) link[kind].share += blocks * bytes[kind] / roof[kind];
    }
    dram.share += blocks * (kernel.dram_read + kernel.dram_write) /
                  (roofs_.dram_bytes_ns * kernel.dram_efficiency);
  }
  double copied = 0;
  for (std::size_t kind = 0; kind < link.size(); ++kind) {
    if (running.copies[kind] == 0) continue;
    out.copy_bytes[kind] = roof[kind] * link[kind].granted();
    copied += out.copy_bytes[kind] * running.copies[kind];
  }
  const double left = std::max(0.0, 1 - copied / roofs_.dram_bytes_ns);
  const double dram_granted = dram.share > left ? left / dram.share : 1;
  for (std::size_t i = 0; i < running.placements.size(); ++i) {
    const KernelSpec& kernel = running.kernels[running.placements[i].kernel];
    double granted = kernel.dram_read + kernel.dram_write > 0 ? dram_granted : 1;
    const std::array bytes = per_link(kernel);
    for (std::size_t kind = 0; kind < link.size(); ++kind) {
      if (bytes[kind] > 0) granted = std::min(granted, link[kind].granted());
    }
    out.block_rate[i] *= granted;
  }
}

// The pipes of the SMs lo..hi-1, which hold the same. What has no work of its own to finish (spin
// loops) gets what the others leave.
void FlowSolver::add_pipes(const Running& running, int lo, int hi, Flow& out) {
  PipeArray work{};
  PipeArray work_weighted{};
  PipeArray loops{};
  PipeArray loops_weighted{};
  bool any_loop = false;
  for (std::size_t i = 0; i < running.placements.size(); ++i) {
    const Placement& here = running.placements[i];
    if (here.lo > lo || here.hi < hi) continue;
    const KernelSpec& kernel = running.kernels[here.kernel];
    const double weight = PowerModel::lane_weight(kernel.lanes);
    const double factor = here.blocks * out.block_rate[i] / out.clock_ghz;
    for (std::size_t p = 0; kernel.on_pipes && p < kPipeCount; ++p) {
      work[p] += factor * kernel.pipe_cycles[p];
      work_weighted[p] += factor * kernel.pipe_cycles[p] * weight;
    }
    any_loop = any_loop || kernel.has_rate;
    for (std::size_t p = 0; kernel.has_rate && p < kPipeCount; ++p) {
      const double all = here.blocks * kernel.footprint.warps * kernel.warp_rate[p];
      const double loop = std::min(all, kernel.rate_limit[p]);
      loops[p] += loop;
      loops_weighted[p] += loop * weight;
    }
  }
  const auto sms = static_cast<double>(hi - lo);
  for (std::size_t p = 0; p < kPipeCount; ++p) {
    const double left = std::max(0.0, 1 - work[p]);
    const double granted = any_loop && loops[p] > left ? left / loops[p] : 1;
    out.pipe[p] += sms * (work[p] + granted * loops[p]) * out.clock_ghz;
    weighted_[p] += sms * (work_weighted[p] + granted * loops_weighted[p]);
  }
}

void FlowSolver::add_up(const Running& running, Flow& out) {
  for (std::size_t cut = 0; cut + 1 < cuts_.size(); ++cut) {
    const auto covers = [&](const Placement& here) {
      return here.lo <= cuts_[cut] && here.hi >= cuts_[cut + 1];
    };
    if (std::ranges::none_of(running.placements, covers)) continue;
    out.sm_active += cuts_[cut + 1] - cuts_[cut];
    add_pipes(running, cuts_[cut], cuts_[cut + 1], out);
  }
  for (std::size_t i = 0; i < running.placements.size(); ++i) {
    const Placement& here = running.placements[i];
    const KernelSpec& kernel = running.kernels[here.kernel];
    const double blocks = static_cast<double>(here.total());
    const double rate = blocks * out.block_rate[i];
    out.warps += blocks * kernel.footprint.warps;
    out.dram_read += rate * kernel.dram_read;
    out.dram_write += rate * kernel.dram_write;
    out.pcie_tx += rate * kernel.pcie_tx;
    out.pcie_rx += rate * kernel.pcie_rx;
    out.nvlink_tx += rate * kernel.nvlink_tx;
    out.nvlink_rx += rate * kernel.nvlink_rx;
  }
  std::array<double, 4> copied{};
  for (std::size_t kind = 0; kind < copied.size(); ++kind) {
    copied[kind] = out.copy_bytes[kind] * running.copies[kind];
    out.copying = out.copying || running.copies[kind] > 0;
  }
  out.pcie_rx += copied[at(CopyKind::h2d)];
  out.pcie_tx += copied[at(CopyKind::d2h)];
  out.nvlink_rx += copied[at(CopyKind::nvlink_in)];
  out.nvlink_tx += copied[at(CopyKind::nvlink_out)];
  out.dram_write += copied[at(CopyKind::h2d)] + copied[at(CopyKind::nvlink_in)];
  out.dram_read += copied[at(CopyKind::d2h)] + copied[at(CopyKind::nvlink_out)];
  out.memory = out.dram_read + out.dram_write > 0;
}

void FlowSolver::at_clock(const Running& running, double ghz, Flow& out) {
  std::vector<double> rates = std::move(out.block_rate);
  std::vector<double> wanted = std::move(out.wanted_rate);
  out = Flow{};
  out.block_rate = std::move(rates);
  out.wanted_rate = std::move(wanted);
  out.clock_ghz = ghz;
  out.block_rate.clear();
  weighted_ = {};
  for (const Placement& here : running.placements) {
    const KernelSpec& kernel = running.kernels[here.kernel];
    out.block_rate.push_back(kernel.endless ? 0 : 1 / time_alone(kernel, roofs_, ghz));
  }
  share_sms(running, out);
  share_device(running, out);
  add_up(running, out);

  Activity activity{.context = running.context, .launching = running.launching};
  activity.sm_active = out.sm_active / roofs_.sm_count;
  for (std::size_t i = 0; i < kPipeCount; ++i) activity.pipe[i] = weighted_[i] / roofs_.sm_count;
  activity.dram = (out.dram_read + out.dram_write) / roofs_.dram_bytes_ns;
  activity.pcie_bytes_s = (out.pcie_tx + out.pcie_rx) * 1e9;
  activity.nvlink_bytes_s = (out.nvlink_tx + out.nvlink_rx) * 1e9;
  out.watts = power_.watts(activity, ghz);
}

bool FlowSolver::Answer::is_for(const Running& running) const {
  const auto same = [](const Placement& a, const Placement& b) {
    return a.lo == b.lo && a.hi == b.hi && a.blocks == b.blocks && a.kernel == b.kernel;
  };
  return given && context == running.context && launching == running.launching &&
         copies == running.copies && std::ranges::equal(placements, running.placements, same);
}

// Where the answer is, or is to be put: one place for each hash.
FlowSolver::Answer& FlowSolver::answer_for(const Running& running, const ClockBounds& bounds) {
  if (answers_.empty() || bounds != bounds_) {
    answers_.assign(kAnswers, {});
    bounds_ = bounds;
  }
  std::size_t hash = running.launching ? 1 : 0;
  const auto add = [&hash](int n) { hash = hash * 31 + static_cast<std::size_t>(n); };
  for (const int copies : running.copies) add(copies);
  for (const Placement& at : running.placements) {
    add(static_cast<int>(at.kernel) * 7);
    add(at.blocks);
    add(at.hi);
  }
  return answers_[(hash ^ hash >> 7U) % kAnswers];
}

void FlowSolver::solve(const Running& running, const ClockBounds& bounds, Flow& out) {
  Answer& answer = answer_for(running, bounds);
  if (!answer.is_for(running)) {
    find(running, bounds, answer.flow);
    answer.placements.assign(running.placements.begin(), running.placements.end());
    answer.copies = running.copies;
    answer.context = running.context;
    answer.launching = running.launching;
    answer.given = true;
  }
  out = answer.flow;
}

void FlowSolver::find(const Running& running, const ClockBounds& bounds, Flow& out) {
  find_cuts(running);
  const double most =
      running.context ? bounds.most_ghz : std::min(bounds.idle_ghz, bounds.most_ghz);
  at_clock(running, most, out);
  if (out.watts <= bounds.power_limit || !running.context) return;
  // The most steps down that are still too few, and the fewest that are enough.
  int few = 0;
  int enough = std::max(0, static_cast<int>((most - bounds.least_ghz) / kClockStepGhz));
  while (enough - few > 1) {
    const int middle = few + (enough - few) / 2;
    at_clock(running, most - middle * kClockStepGhz, out);
    (out.watts <= bounds.power_limit ? enough : few) = middle;
  }
  at_clock(running, most - enough * kClockStepGhz, out);
  out.power_capped = true;
}

void integrate(const Flow& flow, const Running& running, std::int64_t ns, Integrals& into) {
  const auto time = static_cast<double>(ns);
  into.present_ns += ns;
  if (running.compute || flow.copying) into.busy_ns += ns;
  if (running.compute) into.compute_ns += ns;
  if (flow.memory) into.memory_ns += ns;
  into.elapsed_cycles += flow.clock_ghz * time;
  into.sm_active_cycles += flow.sm_active * flow.clock_ghz * time;
  into.warp_cycles += flow.warps * flow.clock_ghz * time;
  for (std::size_t i = 0; i < kPipeCount; ++i) into.pipe_cycles[i] += flow.pipe[i] * time;
  into.dram_read_bytes += flow.dram_read * time;
  into.dram_write_bytes += flow.dram_write * time;
  into.pcie_tx_bytes += flow.pcie_tx * time;
  into.pcie_rx_bytes += flow.pcie_rx * time;
  into.nvlink_tx_bytes += flow.nvlink_tx * time;
  into.nvlink_rx_bytes += flow.nvlink_rx * time;
  into.energy_j += flow.watts * time * 1e-9;
}

}  // namespace assay::sim
