// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/collector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "assay/probe/trace/ring_folder.hpp"
#include "assay/probe/trace/tally.hpp"

namespace assay::probe::trace {
namespace {

using trace_ring::Reader;
using trace_ring::State;

// A full ring lasts 0.4 s at 300,000 launches a second. Looking into a ring costs next to nothing,
// into the folder a few system calls: a new ring can wait.
constexpr std::chrono::milliseconds kPause{10};
constexpr std::chrono::milliseconds kFolderPause{50};

bool alive(std::int64_t pid) {
  return pid > 0 && (kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

std::string trouble_of(const Reader& ring) {
  std::string trouble = ring.trouble();
  std::string_view more;
  const bool living = alive(ring.pid());
  switch (ring.state()) {
    case State::failed:
    case State::ended: break;
    case State::starting:
      more = living ? "its trace was still being set up" : "it ended while its trace was set up";
      break;
    case State::tracing:
      more = living
                 ? "it runs on: what it does from now on is not traced"
                 : "it was killed, called _exit, became another program or found CUPTI hanging at "
                   "its end: up to its last 0.25 s is missing";
      break;
  }
  if (!trouble.empty() && !more.empty()) trouble += "; ";
  return trouble.append(more);
}

}  // namespace

struct Collector::Impl {
  Impl(RingFolder made, const CollectorOptions& wanted)
      : folder(std::move(made)), options(wanted), tally(wanted.sink) {}

  void look_for_rings() {
    for (Reader& ring : folder.take_new()) rings.push_back(std::move(ring));
  }
  // One round over all rings; true if anything came.
  bool drain() {
    bool any = false;
    for (std::size_t i = 0; i < rings.size(); ++i) {
      const auto slots = rings[i].take();
      if (slots.empty()) continue;
      any = true;
      tally.take(i, rings[i].pid(), rings[i].cupti_to_unix_ns(), slots);
    }
    return any;
  }
  void note_devices() {
    auto now = tally.worked();
    const std::lock_guard lock(mutex);
    worked = std::move(now);
  }
  void run(const std::stop_token& stop) {
    auto next_look = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
      if (const auto now = std::chrono::steady_clock::now(); now >= next_look) {
        look_for_rings();
        note_devices();
        next_look = now + kFolderPause;
      }
      if (!drain()) std::this_thread::sleep_for(rings.empty() ? kFolderPause : kPause);
    }
  }

  RingFolder folder;
  CollectorOptions options;
  Tally tally;
  std::vector<Reader> rings;
  std::mutex mutex;
  std::vector<std::string> worked;  // devices with kernels so far
  std::jthread thread;
};

Result<std::unique_ptr<Collector>> Collector::start(const CollectorOptions& options) {
  TRY_ASSIGN(RingFolder folder, RingFolder::make());
  auto impl = std::make_unique<Impl>(std::move(folder), options);
  Impl& mine = *impl;
  mine.thread = std::jthread([&mine](const std::stop_token& stop) { mine.run(stop); });
  return std::unique_ptr<Collector>(new Collector(std::move(impl)));
}

Collector::Collector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Collector::~Collector() = default;

std::vector<Collector::Variable> Collector::variables() const {
  std::vector<Variable> out{{trace_ring::kFolderVariable, impl_->folder.path()}};
  if (impl_->options.whole_graphs) out.push_back({trace_ring::kGraphVariable, "whole"});
  if (impl_->options.burst > Seconds(0))
    out.push_back({trace_ring::kBurstVariable,
                   fmt::format("{:.0f}/{:.0f}", impl_->options.burst.value() * 1e3,
                               impl_->options.every.value() * 1e3)});
  return out;
}

bool Collector::has_kernels_on(const std::string& uuid) const {
  const std::lock_guard lock(impl_->mutex);
  return std::ranges::count(impl_->worked, uuid) > 0;
}

sample::KernelTable Collector::finish() {
  Impl& mine = *impl_;
  mine.thread.request_stop();
  mine.thread.join();
  // A process that runs on and writes on is not waited for: a ring full of it, and no more.
  constexpr int kMostRounds = 256;
  mine.look_for_rings();
  for (int round = 0; round < kMostRounds && mine.drain(); ++round) continue;

  std::vector<sample::TracedProcess> processes;
  std::int64_t lost = 0;
  for (std::size_t i = 0; i < mine.rings.size(); ++i) {
    Reader& ring = mine.rings[i];
    mine.tally.close(i, ring.ended());
    processes.push_back({.pid = ring.pid(),
                         .name = ring.process(),
                         .cupti = ring.cupti(),
                         .trouble = trouble_of(ring),
                         .records = mine.tally.records_of(i),
                         .lost = static_cast<std::int64_t>(ring.lost()),
                         .ended = ring.state() == State::ended});
    lost += processes.back().lost;
    ring.leave();
  }
  for (sample::TracedProcess& refused : mine.folder.take_refused())
    processes.push_back(std::move(refused));
  sample::KernelTable table = mine.tally.result();
  table.processes = std::move(processes);
  table.lost = lost;
  return table;
}

}  // namespace assay::probe::trace
