// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/workload.hpp"

#include <algorithm>
#include <cmath>

#include "assay/base/check.hpp"

namespace assay::sim {
namespace {

constexpr std::size_t at(CopyKind kind) { return static_cast<std::size_t>(kind); }

// Whole nanoseconds until `left` is gone; at least one.
std::int64_t time_for(double left, double rate) {
  constexpr double kForever = 4e18;
  if (rate <= 0) return kNever;
  const double ns = std::ceil(left / rate - 1e-6);
  return ns > kForever ? kNever : std::max<std::int64_t>(1, static_cast<std::int64_t>(ns));
}

std::int64_t later(std::int64_t now, std::int64_t ns) {
  return ns > kNever - now ? kNever : now + ns;
}

// Blocks of this stream's grid that end in a nanosecond.
double grid_rate(const TenantState& tenant, const Flow& flow, std::uint32_t stream) {
  double rate = 0;
  for (std::size_t i = 0; i < tenant.placements.size(); ++i) {
    if (tenant.placements[i].stream != stream) continue;
    rate += static_cast<double>(tenant.placements[i].total()) * flow.block_rate[i];
  }
  return rate;
}

}  // namespace

Workload::Workload(const DevicePlan& plan, std::uint64_t seed)
    : plan_(&plan),
      seed_(seed),
      solver_(roofs_of(plan.chip), PowerModel(plan.chip, plan.max_clock)) {
  for (const ProcessSpec& process : plan.processes) {
    state_.tenants.emplace_back().streams.resize(process.streams.size());
  }
}

const OpSpec& Workload::op_of(std::size_t tenant, std::size_t stream) const {
  return plan_->processes[tenant].streams[stream].ops[state_.tenants[tenant].streams[stream].op];
}

Running Workload::running() const {
  Running out;
  out.kernels = plan_->kernels;
  for (std::size_t i = 0; i < state_.tenants.size(); ++i) {
    const TenantState& tenant = state_.tenants[i];
    if (tenant.life != Life::alive) continue;
    out.context = true;
    for (std::size_t j = 0; j < tenant.streams.size(); ++j) {
      if (tenant.streams[j].stage == Stage::copying) ++out.copies[at(op_of(i, j).copy)];
    }
  }
  out.compute = state_.owner != kNobody;
  if (!out.compute) return out;
  const TenantState& owner = state_.tenants[static_cast<std::size_t>(state_.owner)];
  out.launching = state_.switching() ||
                  std::ranges::find(owner.streams, Stage::launching, &StreamState::stage) !=
                      owner.streams.end();
  if (!state_.switching()) out.placements = owner.placements;
  return out;
}

std::int64_t Workload::next_end() const {
  std::int64_t next = kNever;
  const auto soonest = [&](std::int64_t ns) { next = std::min(next, later(state_.now, ns)); };
  for (std::size_t i = 0; i < state_.tenants.size(); ++i) {
    for (std::size_t j = 0; j < state_.tenants[i].streams.size(); ++j) {
      const StreamState& stream = state_.tenants[i].streams[j];
      if (stream.stage == Stage::gap) next = std::min(next, stream.until);
      if (stream.stage != Stage::copying) continue;
      soonest(time_for(stream.left, flow_.copy_bytes[at(op_of(i, j).copy)]));
    }
  }
  if (state_.owner == kNobody) return next;
  if (state_.switching()) return std::min(next, state_.switch_until);
  next = std::min(next, state_.slice_end);
  const TenantState& owner = state_.tenants[static_cast<std::size_t>(state_.owner)];
  for (std::uint32_t j = 0; j < owner.streams.size(); ++j) {
    const StreamState& stream = owner.streams[j];
    if (stream.stage == Stage::launching) soonest(stream.launch_left);
    if (stream.stage == Stage::bulk) soonest(time_for(stream.left, grid_rate(owner, flow_, j)));
  }
  for (std::size_t i = 0; i < owner.placements.size(); ++i) {
    const Placement& placement = owner.placements[i];
    if (owner.streams[placement.stream].stage != Stage::tail) continue;
    soonest(time_for(placement.left, flow_.block_rate[i]));
  }
  return next;
}

Integrals Workload::done_after(std::int64_t ns) const {
  Integrals out = state_.done;
  if (present_ && ns > 0) integrate(flow_, running(), ns, out);
  return out;
}

ProcessIntegrals Workload::done_after(std::size_t tenant, std::int64_t ns) const {
  ProcessIntegrals out = state_.tenants[tenant].done;
  if (state_.owner != static_cast<int>(tenant) || state_.switching() || ns <= 0) return out;
  out.compute_ns += ns;
  out.sm_active_cycles += flow_.sm_active * flow_.clock_ghz * static_cast<double>(ns);
  return out;
}

void Workload::progress(std::int64_t ns) {
  CHECK(ns >= 0);
  if (present_) integrate(flow_, running(), ns, state_.done);
  const auto time = static_cast<double>(ns);
  for (std::size_t i = 0; i < state_.tenants.size(); ++i) {
    TenantState& tenant = state_.tenants[i];
    for (std::size_t j = 0; j < tenant.streams.size(); ++j) {
      StreamState& stream = tenant.streams[j];
      if (stream.stage != Stage::copying) continue;
      stream.left -= flow_.copy_bytes[at(op_of(i, j).copy)] * time;
    }
  }
  if (state_.owner != kNobody && !state_.switching()) {
    const auto index = static_cast<std::size_t>(state_.owner);
    TenantState& owner = state_.tenants[index];
    owner.done = done_after(index, ns);
    for (std::uint32_t j = 0; j < owner.streams.size(); ++j) {
      StreamState& stream = owner.streams[j];
      if (stream.stage == Stage::launching) stream.launch_left -= ns;
      if (stream.stage == Stage::bulk) stream.left -= grid_rate(owner, flow_, j) * time;
    }
    for (std::size_t i = 0; i < owner.placements.size(); ++i) {
      Placement& placement = owner.placements[i];
      if (owner.streams[placement.stream].stage != Stage::tail) continue;
      placement.left -= flow_.block_rate[i] * time;
    }
  }
  state_.now += ns;
}

void Workload::settle() {
  hand_over_engine();
  dispatch();
  solver_.solve(running(), bounds_, flow_);
  next_ = next_end();
}

void Workload::restore(const State& state) {
  state_ = state;
  marker_ = false;
  solver_.solve(running(), bounds_, flow_);
  next_ = next_end();
}

void Workload::clear_done() {
  state_.done = {};
  for (TenantState& tenant : state_.tenants) tenant.done = {};
}

}  // namespace assay::sim
