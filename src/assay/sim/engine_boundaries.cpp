// SPDX-License-Identifier: Apache-2.0
// What a scenario sets a time for: starts, stops and events. Between them is engine.cpp.
#include <algorithm>

#include "assay/sim/engine.hpp"

namespace assay::sim {
namespace {

constexpr int kXidLost = 79;  // "GPU has fallen off the bus"

std::int64_t shifted(std::int64_t ns, std::int64_t by) { return ns == kNever ? kNever : ns + by; }

}  // namespace

std::int64_t Engine::next_boundary() const {
  const std::int64_t now = work_.state().now;
  std::int64_t next = kNever;
  const auto consider = [&](std::int64_t ns) {
    const std::int64_t at = shifted(ns, offset_);
    if (at > now) next = std::min(next, at);
  };
  for (const ProcessSpec& process : plan_->processes) {
    consider(process.start_ns);
    consider(process.stop_ns);
    for (const StreamSpec& stream : process.streams) {
      consider(stream.start_ns);
      consider(stream.stop_ns);
    }
  }
  if (next_event_ < plan_->events.size()) {
    next = std::min(next, plan_->events[next_event_].at_ns);
  }
  return next;
}

void Engine::apply_boundary() {
  const std::int64_t now = work_.state().now;
  start_and_stop(true);
  while (next_event_ < plan_->events.size() && plan_->events[next_event_].at_ns <= now) {
    apply(plan_->events[next_event_++]);
  }
  start_and_stop(false);
  boundary_ = next_boundary();
  forget_course();
}

void Engine::start_and_stop(bool stops) {
  const std::int64_t now = work_.state().now;
  for (std::size_t i = 0; i < plan_->processes.size(); ++i) {
    const ProcessSpec& process = plan_->processes[i];
    const Life life = work_.state().tenants[i].life;
    if (stops && life == Life::alive && shifted(process.stop_ns, offset_) <= now) {
      work_.end_tenant(i);
    } else if (!stops && life == Life::future && shifted(process.start_ns, offset_) <= now) {
      // A context can't be made on a device that is not there.
      present() ? work_.start_tenant(i) : work_.end_tenant(i);
    }
    if (work_.state().tenants[i].life != Life::alive) continue;
    for (std::size_t j = 0; j < process.streams.size(); ++j) {
      const StreamSpec& stream = process.streams[j];
      const bool over = shifted(stream.stop_ns, offset_) <= now;
      if (stops && over) work_.end_stream(i, j);
      if (!stops && !over && shifted(stream.start_ns, offset_) <= now) work_.start_stream(i, j);
    }
  }
}

void Engine::vanish(Presence how) {
  presence_ = how;
  for (std::size_t i = 0; i < plan_->processes.size(); ++i) {
    if (work_.state().tenants[i].life == Life::alive) work_.end_tenant(i);
  }
  work_.set_present(false);
}

void Engine::appear() {
  presence_ = Presence::ok;
  work_.set_present(true);
  ecc_corrected_ = ecc_uncorrected_ = 0;
  last_xid_ = 0;
  fold_done();
  at_load_ = base_;
  loaded_at_ = work_.state().now;
}

void Engine::apply(const EventSpec& event) {
  log_.push_back({event.at_ns, event.kind, event.value});
  switch (event.kind) {
    case EventKind::xid: last_xid_ = static_cast<int>(event.value); break;
    case EventKind::lost:
      last_xid_ = kXidLost;
      log_.push_back({event.at_ns, EventKind::xid, kXidLost});
      vanish(Presence::lost);
      break;
    case EventKind::driver_unload: vanish(Presence::unloaded); break;
    case EventKind::back:
    case EventKind::driver_load: appear(); break;
    case EventKind::ecc_corrected: ecc_corrected_ += static_cast<std::uint64_t>(event.value); break;
    case EventKind::ecc_uncorrected:
      ecc_uncorrected_ += static_cast<std::uint64_t>(event.value);
      break;
    case EventKind::power_cap: power_cap_ = event.value; break;
    case EventKind::ambient:
      take_checkpoint();
      climate_.set_ambient(event.value);
      break;
    case EventKind::clock_cap:
      clock_cap_ghz_ = event.value * 1e-9;
      clock_cap_reason_ = event.reason;
      break;
  }
  update_bounds();
}

}  // namespace assay::sim
