// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/state.hpp"

#include <algorithm>

#include "assay/sim/jitter.hpp"

namespace assay::sim {
namespace {

bool same_stream(const StreamState& a, std::int64_t a_now, const StreamState& b, std::int64_t b_now,
                 const StreamSpec& spec) {
  if (a.stage != b.stage || a.op != b.op || a.times != b.times) return false;
  if (a.launch_left != b.launch_left || a.left != b.left || a.tail != b.tail) return false;
  if (a.stage == Stage::gap && a.until - a_now != b.until - b_now) return false;
  return spec.jitter == 0 || a.iteration % kJitterCycle == b.iteration % kJitterCycle;
}

// How far streams that wait for each other are apart.
bool same_leads(const TenantState& a, const TenantState& b, const ProcessSpec& spec) {
  for (std::size_t i = 0; i < spec.streams.size(); ++i) {
    for (const std::size_t other : spec.streams[i].dependents) {
      if (a.streams[i].iteration - a.streams[other].iteration !=
          b.streams[i].iteration - b.streams[other].iteration) {
        return false;
      }
    }
  }
  return true;
}

bool same_tenant(const TenantState& a, std::int64_t a_now, const TenantState& b, std::int64_t b_now,
                 const ProcessSpec& spec) {
  if (a.life != b.life || a.pending != b.pending || a.placements != b.placements) return false;
  for (std::size_t i = 0; i < a.streams.size(); ++i) {
    if (!same_stream(a.streams[i], a_now, b.streams[i], b_now, spec.streams[i])) return false;
  }
  return same_leads(a, b, spec);
}

std::int64_t ahead(std::int64_t at, std::int64_t now) { return at == kNever ? kNever : at - now; }

}  // namespace

bool TenantState::wants_engine() const {
  return life == Life::alive && std::ranges::any_of(streams, &StreamState::on_engine);
}

bool same_course(const State& a, const State& b, const DevicePlan& plan) {
  if (a.owner != b.owner || a.last_owner != b.last_owner) return false;
  if (a.room_grew != b.room_grew) return false;
  if (ahead(a.slice_end, a.now) != ahead(b.slice_end, b.now)) return false;
  if (a.switching() != b.switching()) return false;
  if (a.switching() && a.switch_until - a.now != b.switch_until - b.now) return false;
  for (std::size_t i = 0; i < a.tenants.size(); ++i) {
    if (!same_tenant(a.tenants[i], a.now, b.tenants[i], b.now, plan.processes[i])) return false;
  }
  return true;
}

void move_on(State& state, std::int64_t period, std::int64_t times, const State& before,
             const State& after) {
  const std::int64_t by = period * times;
  state.now += by;
  if (state.slice_end != kNever) state.slice_end += by;
  state.switch_until += by;
  for (std::size_t i = 0; i < state.tenants.size(); ++i) {
    for (std::size_t j = 0; j < state.tenants[i].streams.size(); ++j) {
      StreamState& stream = state.tenants[i].streams[j];
      stream.until += by;
      stream.iteration +=
          times * (after.tenants[i].streams[j].iteration - before.tenants[i].streams[j].iteration);
    }
  }
}

}  // namespace assay::sim
