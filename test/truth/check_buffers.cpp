// SPDX-License-Identifier: Apache-2.0
#include "truth/check_buffers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::test {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;
using sample::State;

constexpr double kExact = 1e-9;
// A reading of now is of a call at most that long ago, or of the last two windows.
constexpr std::int64_t kPresent = 2'000'000'000;

// The driver's sampling windows that a reading of its buffers speaks of: those that it claims, or,
// where it claims no time, all since the one that the probe had seen last.
Ground::Windows claimed_by(const Case& at, const CallEntry& entry, Seconds claim) {
  const std::int64_t length = at.ground.window_ns();
  const std::int64_t last = entry.at_ns / length * length;
  const std::int64_t oldest = last - std::llround(claim.value() * 1e9) + length / 2;
  return at.ground.windows(
      claim > Seconds(0) ? std::max(entry.earlier_ns, oldest) : entry.earlier_ns, entry.at_ns);
}

// Over the time that it claims; one that claims none is of what the driver still had, at most all.
void check_share(const Case& at, const CallEntry& used, const sample::Process& process,
                 Verdict& verdict) {
  const double share = process.time_share.value()->value();
  const auto over = [&](const Ground::Windows& windows) {
    const auto it = windows.compute.find(process.pid);
    return it == windows.compute.end() ? 0.0 : it->second;
  };
  const bool guessed = process.time_share.state() == State::estimated;
  const Seconds claim = guessed ? process.time_share.window() : Seconds(0);
  double right = over(claimed_by(at, used, claim));
  const std::size_t most = at.ground.windows(used.earlier_ns, used.at_ns).count;
  const Seconds one(static_cast<double>(at.ground.window_ns()) * 1e-9);
  for (std::size_t n = most; guessed && claim == Seconds(0) && n > 0; --n)
    if (const double part = over(claimed_by(at, used, one * static_cast<double>(n)));
        std::abs(part - share) < std::abs(right - share))
      right = part;
  verdict.near(share, right, 0.005 + kExact,
               fmt::format("share of time of process {}", process.pid));
}

}  // namespace

void check_present(const Case& at, const CallEntry& call, std::string_view name, Verdict& verdict) {
  const auto windows = std::llround(2e9 * at.sample.window.value());
  verdict.require(
      at.rigour.delays || at.at_ns - call.at_ns <= std::max<std::int64_t>(kPresent, windows),
      fmt::format("{} is given as of this window, and was read long before", name));
}

void check_samples(const Case& at, const CallEntry& entry, Verdict& verdict) {
  const Reading<double>& mean = at.sample.at_id(Id::gpu_util_samples);
  const auto windows = claimed_by(at, entry, mean.window());
  verdict.near(*mean.value(), windows.busy_percent / 100, kExact, "gpu_util_samples");
  const std::size_t all = at.ground.windows(entry.earlier_ns, entry.at_ns).count;
  // A driver that was loaded anew has no samples of before.
  const bool anew = at.ground.at(entry.at_ns).loaded_at_ns > entry.earlier_ns;
  if (mean.state() == State::measured)
    verdict.require(windows.count == all, "a mean of some samples is called measured");
  else verdict.require(windows.count < all || anew, "a mean of all samples is called an estimate");
}

void check_processes(const Case& at, Verdict& verdict) {
  const sample::Sample& sample = at.sample;
  if (sample.processes_reason != Reason::none) {
    verdict.require(at.rigour.faults, "the process list is missing");
    return;
  }
  if (at.rigour.delays) return;  // the list may be of either of two takes
  const CallEntry* listed = last_success(at, Call::compute_processes);
  if (listed == nullptr) return verdict.wrong("processes come out of nothing");
  const auto& want = at.ground.at(listed->at_ns).processes;
  verdict.require(sample.processes.size() == want.size(),
                  fmt::format("{} processes instead of {}", sample.processes.size(), want.size()));
  const CallEntry* used = last_success(at, Call::process_utilization);
  double shares = 0;
  for (const sample::Process& process : sample.processes) {
    const auto same = std::ranges::find(want, process.pid, &sim::ProcessState::pid);
    if (same == want.end()) {
      verdict.wrong(fmt::format("process {} is none", process.pid));
      continue;
    }
    verdict.near(process.memory.value().value_or(Bytes(-1)).value(), same->memory.value(), 1,
                 fmt::format("memory of process {}", process.pid));
    if (!process.time_share.value()) {
      verdict.require(process.time_share.reason() != Reason::none,
                      "a share is missing without why");
      continue;
    }
    shares += process.time_share.value()->value();
    if (used == nullptr) return verdict.wrong("shares of time come out of nothing");
    if (at.rigour.steps || at.rigour.delays || at.rigour.faults) continue;
    check_present(at, *used, "share of time", verdict);
    check_share(at, *used, process, verdict);
  }
  // Shares and what is nobody's are the device: no more than all of it is given away.
  verdict.require(shares <= 1.0 + 0.005 * static_cast<double>(sample.processes.size()) + kExact,
                  "the processes' shares of time are more than there is");
}

}  // namespace assay::test
