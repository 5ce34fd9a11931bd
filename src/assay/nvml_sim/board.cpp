// SPDX-License-Identifier: Apache-2.0
#include "assay/nvml_sim/board.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace assay::nvml_sim {
namespace {

constexpr std::size_t kRoom = 2 * kSampleDepth;  // windows kept before the oldest are thrown away
constexpr auto kDepthNs = static_cast<std::int64_t>(kSampleDepth);

double over(double amount, std::int64_t ns) {
  return ns > 0 ? amount / static_cast<double>(ns) : 0.0;
}

}  // namespace

Board::Board(sim::Device& device, const sim::DevicePlan& plan)
    : device_(device),
      plan_(plan),
      window_ns_(std::llround(device.facts().utilization_window.value() * 1e9)),
      moment_(device.moment()),
      begun_(stop()) {
  latch_gpm();
}

bool Board::at_least(int major, int minor) const {
  const auto& have = facts().chip->compute_capability;
  return have && std::tie(have->major, have->minor) >= std::tie(major, minor);
}

Board::Stop Board::stop() const {
  return {device_.now_ns(), device_.loaded_at_ns(), device_.integrals(), device_.processes()};
}

void Board::latch_gpm() { gpm_ = {device_.now_ns(), device_.loaded_at_ns(), device_.integrals()}; }

Window Board::between(const Stop& begin, const Stop& end) {
  Window window{.begin_ns = begin.at_ns, .end_ns = end.at_ns};
  const std::int64_t length = end.at_ns - begin.at_ns;
  const sim::Integrals done = end.counters - begin.counters;
  window.busy = over(static_cast<double>(done.busy_ns), length);
  window.memory = over(static_cast<double>(done.memory_ns), length);
  window.watts = over(done.energy_j, length) * 1e9;
  window.pcie_tx = over(done.pcie_tx_bytes, length) * 1e9;
  window.pcie_rx = over(done.pcie_rx_bytes, length) * 1e9;
  for (const sim::ProcessState& process : end.processes) {
    const auto same = [&](const sim::ProcessState& other) { return other.pid == process.pid; };
    const auto before = std::ranges::find_if(begin.processes, same);
    std::int64_t held = process.done.compute_ns;
    if (before != begin.processes.end()) held -= before->done.compute_ns;
    const double share = std::min(over(static_cast<double>(held), length), 1.0);
    window.processes.push_back({process.pid, share});
  }
  return window;
}

void Board::end_window() {
  Stop now = stop();
  if (windows_.size() >= kRoom)
    windows_.erase(windows_.begin(), windows_.end() - static_cast<std::ptrdiff_t>(kSampleDepth));
  windows_.push_back(between(begun_, now));
  begun_ = std::move(now);
}

// A driver that was loaded on the way has empty buffers, and its first window begins with it.
void Board::notice_load() {
  if (device_.loaded_at_ns() == begun_.loaded_at_ns) return;
  windows_.clear();
  begun_ = {device_.loaded_at_ns(), device_.loaded_at_ns(), device_.at_load(), {}};
}

void Board::advance_to(std::int64_t now_ns) {
  if (now_ns <= device_.now_ns()) return;
  const std::int64_t refresh = now_ns / kGpmRefreshNs * kGpmRefreshNs;
  const std::int64_t oldest = (now_ns / window_ns_ - kDepthNs) * window_ns_;
  if (begun_.at_ns < oldest) {
    windows_.clear();
    device_.advance_to(oldest);
    begun_ = stop();
  }
  while (device_.now_ns() < now_ns) {
    const std::int64_t window_end = (begun_.at_ns / window_ns_ + 1) * window_ns_;
    std::int64_t next = std::min(window_end, now_ns);
    if (gpm_.at_ns < refresh) next = std::min(next, refresh);
    device_.advance_to(next);
    notice_load();
    if (next == window_end) end_window();
    if (next == refresh) latch_gpm();
  }
  moment_ = device_.moment();
}

std::span<const Window> Board::windows() const {
  const std::size_t count = std::min(windows_.size(), kSampleDepth);
  return std::span(windows_).last(count);
}

Window Board::latest() const {
  return windows_.empty() ? between(begun_, stop()) : windows_.back();
}

std::uint64_t Board::millijoules() const {
  const double joules = device_.integrals().energy_j - device_.at_load().energy_j;
  return static_cast<std::uint64_t>(joules * 1e3);
}

double Board::mean_watts() const {
  const std::int64_t now = device_.now_ns();
  const std::int64_t from = std::max(now - kSecondNs, device_.loaded_at_ns());
  const std::int64_t open = now - std::max(begun_.at_ns, from);
  if (open <= 0 && windows_.empty()) return moment_.power.value();
  // What lies in the window that is still open, then back through the whole ones.
  double joules =
      over(device_.integrals().energy_j - begun_.counters.energy_j, now - begun_.at_ns) *
      static_cast<double>(open);
  std::int64_t covered = open;
  for (std::size_t i = windows_.size(); i > 0 && windows_[i - 1].end_ns > from; --i) {
    const Window& window = windows_[i - 1];
    const std::int64_t length = window.end_ns - std::max(window.begin_ns, from);
    joules += window.watts * static_cast<double>(length) * 1e-9;
    covered += length;
  }
  return joules / (static_cast<double>(covered) * 1e-9);
}

}  // namespace assay::nvml_sim
