// SPDX-License-Identifier: Apache-2.0
#include "truth/ground.hpp"

#include <algorithm>
#include <cmath>

#include "assay/base/check.hpp"

namespace assay::test {
namespace {

constexpr std::int64_t kRefreshNs = 100'000'000;  // measured on an H100
constexpr std::int64_t kSecondNs = 1'000'000'000;

std::int64_t floor_to(std::int64_t ns, std::int64_t step) { return ns / step * step; }

}  // namespace

std::int64_t refresh_before(std::int64_t ns) { return floor_to(ns, kRefreshNs); }

Ground::Ground(sim::Device device, const std::vector<CallEntry>& calls,
               const std::vector<std::int64_t>& moments)
    : device_(std::move(device)),
      window_ns_(std::llround(device_.facts().utilization_window.value() * 1e9)) {
  std::vector<std::int64_t> times = moments;
  for (const CallEntry& call : calls) {
    if (call.code != Return::success) continue;
    const auto some = moments_of(call);
    times.insert(times.end(), some.begin(), some.end());
  }
  std::ranges::sort(times);
  const auto twice = std::ranges::unique(times);
  times.erase(twice.begin(), twice.end());
  for (const std::int64_t at : times) {
    if (at < 0) continue;
    device_.advance_to(at);
    moments_.push_back({at, device_.loaded_at_ns(), device_.integrals(), device_.at_load(),
                        device_.moment(), device_.processes()});
  }
}

std::vector<std::int64_t> Ground::moments_of(const CallEntry& call) const {
  const std::int64_t at = call.at_ns;
  std::vector<std::int64_t> out{at};
  const std::int64_t end = floor_to(at, window_ns_);
  switch (call.call) {
    case Call::gpm_metrics_get: return {refresh_before(call.earlier_ns), refresh_before(at)};
    case Call::utilization: return {at, end, end - window_ns_};
    case Call::power: {
      const std::int64_t from = std::max<std::int64_t>(at - kSecondNs, 0);
      const std::int64_t begin = floor_to(from, window_ns_);
      return {at, from, begin, std::min(begin + window_ns_, at)};
    }
    case Call::process_utilization:
    case Call::utilization_samples:
      for (std::int64_t t = end; t >= floor_to(call.earlier_ns, window_ns_) && t >= 0;
           t -= window_ns_)
        out.push_back(t);
      return out;
    default: return out;
  }
}

const Then& Ground::at(std::int64_t ns) const {
  const auto it = std::ranges::lower_bound(moments_, ns, {}, &Then::at_ns);
  CHECK(it != moments_.end() && it->at_ns == ns);
  return *it;
}

std::optional<Share> Ground::counters(std::int64_t earlier_ns, std::int64_t later_ns) const {
  const Then& from = at(refresh_before(earlier_ns));
  const Then& to = at(refresh_before(later_ns));
  if (to.at_ns <= from.at_ns || to.loaded_at_ns != from.loaded_at_ns) return std::nullopt;
  const sim::Integrals done = to.done - from.done;
  if (done.present_ns <= 0 || done.elapsed_cycles <= 0) return std::nullopt;
  const sim::Capacity& chip = facts().capacity;
  const double sm_cycles = done.elapsed_cycles * chip.sm_count;
  const auto seconds = static_cast<double>(done.present_ns) * 1e-9;
  Share out;
  out.compute = static_cast<double>(done.compute_ns) / static_cast<double>(done.present_ns);
  out.sm_active = done.sm_active_cycles / sm_cycles;
  out.occupancy = done.warp_cycles / (sm_cycles * chip.warps_per_sm);
  for (std::size_t i = 0; i < sim::kPipeCount; ++i) out.pipe[i] = done.pipe_cycles[i] / sm_cycles;
  for (const sim::Pipe pipe : {sim::Pipe::hmma, sim::Pipe::imma, sim::Pipe::dmma})
    out.tensor += out.pipe[sim::index(pipe)];
  out.dram = (done.dram_read_bytes + done.dram_write_bytes) / seconds / chip.dram_peak.value();
  out.pcie_tx = done.pcie_tx_bytes / seconds;
  out.pcie_rx = done.pcie_rx_bytes / seconds;
  out.nvlink_tx = done.nvlink_tx_bytes / seconds;
  out.nvlink_rx = done.nvlink_rx_bytes / seconds;
  return out;
}

Ground::Window Ground::window(std::int64_t end_ns) const {
  const Then& end = at(end_ns);
  const std::int64_t begin_ns = floor_to(end_ns - 1, window_ns_);
  Window out;
  const bool whole = end.loaded_at_ns <= begin_ns;
  out.length_ns = end_ns - std::max(begin_ns, end.loaded_at_ns);
  out.done = end.done - (whole ? at(begin_ns).done : end.at_load);
  for (const sim::ProcessState& process : end.processes)
    out.compute_ns[process.pid] = process.done.compute_ns;
  if (!whole) return out;
  for (const sim::ProcessState& process : at(begin_ns).processes)
    if (const auto it = out.compute_ns.find(process.pid); it != out.compute_ns.end())
      it->second -= process.done.compute_ns;
  return out;
}

Ground::Sampled Ground::sampled(std::int64_t ns) const {
  const std::int64_t loaded = at(ns).loaded_at_ns;
  const std::int64_t last = floor_to(ns, window_ns_);
  if (last > loaded) {
    const Window whole = window(last);
    const auto length = static_cast<double>(whole.length_ns);
    return {static_cast<double>(whole.done.busy_ns) / length,
            static_cast<double>(whole.done.memory_ns) / length};
  }
  if (ns <= loaded) return {};
  const sim::Integrals done = at(ns).done - at(ns).at_load;
  const auto length = static_cast<double>(ns - loaded);
  return {static_cast<double>(done.busy_ns) / length, static_cast<double>(done.memory_ns) / length};
}

Ground::MeanPower Ground::mean_power(std::int64_t ns) const {
  const Then& now = at(ns);
  const std::int64_t from_ns = std::max<std::int64_t>(ns - kSecondNs, 0);
  const bool whole = now.loaded_at_ns <= from_ns;
  const std::int64_t begin_ns = whole ? from_ns : now.loaded_at_ns;
  const auto seconds = static_cast<double>(ns - begin_ns) * 1e-9;
  if (seconds <= 0) return {now.moment.power.value(), 1e-3};
  const double joules = now.done.energy_j - (whole ? at(from_ns).done : now.at_load).energy_j;
  MeanPower out{joules / seconds, 1e-3};
  if (!whole || from_ns % window_ns_ == 0) return out;
  const std::int64_t begin = floor_to(from_ns, window_ns_);
  const std::int64_t end = std::min(begin + window_ns_, ns);
  out.slack_watts += (at(end).done.energy_j - at(begin).done.energy_j) / seconds;
  return out;
}

Ground::Windows Ground::windows(std::int64_t after_ns, std::int64_t ns) const {
  Windows out;
  const std::int64_t loaded = at(ns).loaded_at_ns;
  for (std::int64_t end = floor_to(ns, window_ns_); end > after_ns && end > loaded;
       end -= window_ns_) {
    const Window one = window(end);
    const auto length = static_cast<double>(one.length_ns);
    ++out.count;
    out.busy_percent += std::round(100.0 * static_cast<double>(one.done.busy_ns) / length);
    for (const auto& [pid, held] : one.compute_ns)
      out.compute[pid] += static_cast<double>(held) / length;
  }
  for (auto& [pid, share] : out.compute) share /= static_cast<double>(out.count);
  if (out.count > 0) out.busy_percent /= static_cast<double>(out.count);
  return out;
}

}  // namespace assay::test
