// SPDX-License-Identifier: Apache-2.0
// What ends and what starts at a moment; the passing of time is in workload.cpp.
#include <algorithm>
#include <cmath>

#include "assay/sim/jitter.hpp"
#include "assay/sim/workload.hpp"

namespace assay::sim {
namespace {

// Less than half a nanosecond of work left is rounding.
bool used_up(double left, double rate) { return left <= 0.5 * rate; }

constexpr double kLeastBlocks = 1e-9;

// A stream that others wait for goes on at most so far before the last of them: its host would run
// into the limit of launches in flight.
constexpr std::int64_t kRunAhead = 2;

void forget_grid(TenantState& tenant, std::uint32_t stream) {
  std::erase(tenant.pending, stream);
  std::erase_if(tenant.placements, [&](const Placement& at) { return at.stream == stream; });
}

}  // namespace

void Workload::start_stream(std::size_t tenant, std::size_t stream) {
  if (state_.tenants[tenant].life != Life::alive) return;
  if (state_.tenants[tenant].streams[stream].stage == Stage::waiting) begin_op(tenant, stream);
}

void Workload::end_stream(std::size_t tenant, std::size_t stream) {
  forget_grid(state_.tenants[tenant], static_cast<std::uint32_t>(stream));
  state_.tenants[tenant].streams[stream].stage = Stage::done;
  state_.room_grew = true;
}

void Workload::end_tenant(std::size_t tenant) {
  for (std::size_t i = 0; i < state_.tenants[tenant].streams.size(); ++i) end_stream(tenant, i);
  state_.tenants[tenant].life = Life::ended;
}

bool Workload::may_begin(std::size_t tenant, std::size_t stream) const {
  const auto& streams = state_.tenants[tenant].streams;
  const StreamState& self = streams[stream];
  for (const OpSpec::Dependency& need : op_of(tenant, stream).after) {
    const StreamState& other = streams[need.stream];
    const bool ended = other.iteration > self.iteration ||
                       (other.iteration == self.iteration && other.op > need.op);
    if (!ended && other.stage != Stage::done) return false;
  }
  if (self.op > 0) return true;
  return std::ranges::all_of(plan_->processes[tenant].streams[stream].dependents,
                             [&](std::size_t other) {
                               return streams[other].stage == Stage::done ||
                                      self.iteration - streams[other].iteration < kRunAhead;
                             });
}

void Workload::begin_op(std::size_t tenant, std::size_t stream) {
  StreamState& self = state_.tenants[tenant].streams[stream];
  const OpSpec& op = op_of(tenant, stream);
  if (self.times == 0 && !may_begin(tenant, stream)) {
    self.stage = Stage::blocked;
    return;
  }
  const StreamSpec& spec = plan_->processes[tenant].streams[stream];
  const std::uint64_t seed = mix(seed_ ^ (tenant << 40U) ^ (stream << 20U) ^ self.op);
  const std::int64_t gap = jittered(op.gap_ns, spec.jitter, seed, self.iteration);
  if (gap <= 0) return start_op(tenant, stream);
  self.stage = Stage::gap;
  self.until = state_.now + gap;
}

void Workload::start_op(std::size_t tenant, std::size_t stream) {
  StreamState& self = state_.tenants[tenant].streams[stream];
  const OpSpec& op = op_of(tenant, stream);
  switch (op.kind) {
    case OpSpec::Kind::pause: return end_op(tenant, stream);
    case OpSpec::Kind::copy:
      self.stage = Stage::copying;
      self.left = op.bytes;
      return;
    case OpSpec::Kind::kernel:
      self.stage = Stage::launching;
      self.launch_left = op.launch_ns;
      ++state_.done.launches;
      return;
  }
}

void Workload::end_op(std::size_t tenant, std::size_t stream) {
  const StreamSpec& spec = plan_->processes[tenant].streams[stream];
  StreamState& self = state_.tenants[tenant].streams[stream];
  self.left = self.tail = 0;
  if (++self.times >= spec.ops[self.op].times) {
    self.times = 0;
    ++self.op;
  }
  if (self.op == spec.ops.size()) {
    self.op = 0;
    ++self.iteration;
    marker_ = true;
    if (spec.repeat > 0 && self.iteration >= spec.repeat) {
      self.stage = Stage::done;
      return;
    }
  }
  begin_op(tenant, stream);
}

void Workload::wake_blocked() {
  bool woken = true;
  while (woken) {
    woken = false;
    for (std::size_t i = 0; i < state_.tenants.size(); ++i) {
      for (std::size_t j = 0; j < state_.tenants[i].streams.size(); ++j) {
        if (state_.tenants[i].streams[j].stage != Stage::blocked || !may_begin(i, j)) continue;
        begin_op(i, j);
        woken = true;
      }
    }
  }
}

void Workload::end_copies_and_gaps() {
  for (std::size_t i = 0; i < state_.tenants.size(); ++i) {
    for (std::size_t j = 0; j < state_.tenants[i].streams.size(); ++j) {
      const StreamState& stream = state_.tenants[i].streams[j];
      if (stream.stage == Stage::gap && stream.until <= state_.now) {
        start_op(i, j);
      } else if (stream.stage == Stage::copying) {
        const auto kind = static_cast<std::size_t>(op_of(i, j).copy);
        if (used_up(stream.left, flow_.copy_bytes[kind])) end_op(i, j);
      }
    }
  }
}

void Workload::end_launches(TenantState& owner) {
  for (std::uint32_t j = 0; j < owner.streams.size(); ++j) {
    StreamState& stream = owner.streams[j];
    if (stream.stage != Stage::launching || stream.launch_left > 0) continue;
    stream.stage = Stage::queued;
    owner.pending.push_back(j);
  }
}

// Tail placements that are through leave their SMs; a grid without any has ended. A bulk that is
// through becomes pending again, with its tail to place.
void Workload::end_grids() {
  const auto index = static_cast<std::size_t>(state_.owner);
  TenantState& owner = state_.tenants[index];
  std::vector<double>& grid_rates = grid_rates_;
  grid_rates.assign(owner.streams.size(), 0);
  for (std::size_t i = 0; i < owner.placements.size(); ++i) {
    grid_rates[owner.placements[i].stream] +=
        static_cast<double>(owner.placements[i].total()) * flow_.block_rate[i];
  }
  std::vector<std::uint32_t>& ended = ended_;
  ended.clear();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < owner.placements.size(); ++i) {
    const Placement here = owner.placements[i];
    StreamState& stream = owner.streams[here.stream];
    const bool through = stream.stage == Stage::tail
                             ? used_up(here.left, flow_.block_rate[i])
                             : used_up(stream.left, grid_rates[here.stream]);
    if (!through || grid_rates[here.stream] <= 0) {
      owner.placements[kept++] = here;
      continue;
    }
    state_.room_grew = true;
    if (std::ranges::find(ended, here.stream) == ended.end()) ended.push_back(here.stream);
  }
  owner.placements.resize(kept);
  for (const std::uint32_t stream : ended) {
    const auto same = [stream](const Placement& at) { return at.stream == stream; };
    if (std::ranges::any_of(owner.placements, same)) continue;
    StreamState& self = owner.streams[stream];
    if (self.stage == Stage::bulk && self.tail > kLeastBlocks) {
      self.stage = Stage::queued;
      self.left = 0;
    } else {
      std::erase(owner.pending, stream);
      end_op(index, stream);
    }
  }
}

bool Workload::complete() {
  end_copies_and_gaps();
  if (state_.owner != kNobody && !state_.switching()) {
    // The flow was that of this owner unless the engine has only just been handed over.
    if (flow_.block_rate.size() ==
        state_.tenants[static_cast<std::size_t>(state_.owner)].placements.size()) {
      end_grids();
    }
    end_launches(state_.tenants[static_cast<std::size_t>(state_.owner)]);
  }
  wake_blocked();
  const bool marker = marker_;
  marker_ = false;
  return marker;
}

void Workload::hand_over_engine() {
  const int count = static_cast<int>(state_.tenants.size());
  const auto wants = [&](int tenant) {
    return state_.tenants[static_cast<std::size_t>(tenant)].wants_engine();
  };
  const auto next_after = [&](int tenant) {
    for (int step = 1; step <= count; ++step) {
      const int other = (tenant + step) % count;
      if (wants(other)) return other;
    }
    return kNobody;
  };
  if (count == 0) return;
  const int before = state_.owner;
  if (before != kNobody && !wants(before)) {
    state_.owner = kNobody;
    state_.slice_end = kNever;
    state_.switch_until = state_.now;
  }
  if (state_.owner == kNobody) {
    state_.owner = next_after(state_.last_owner == kNobody ? count - 1 : state_.last_owner);
  }
  if (state_.owner == kNobody) return;
  const int rival = next_after(state_.owner);
  if (rival == state_.owner) {
    state_.slice_end = kNever;
  } else if (state_.slice_end == kNever) {
    state_.slice_end = state_.now + kTimeSlice;
  } else if (state_.now >= state_.slice_end) {
    state_.owner = rival;
    state_.switch_until = state_.now + kContextSwitch;
    state_.slice_end = state_.switch_until + kTimeSlice;
  }
  marker_ = marker_ || (state_.last_owner != state_.owner && count > 1);
  if (state_.last_owner != state_.owner) state_.room_grew = true;
  state_.last_owner = state_.owner;
}

bool Workload::start_blocks(TenantState& owner, std::uint32_t stream, double blocks) {
  StreamState& self = owner.streams[stream];
  const auto kernel_index = op_of(static_cast<std::size_t>(state_.owner), stream).kernel;
  const KernelSpec& kernel = plan_->kernels[kernel_index];
  const int sms = plan_->chip.sm_count().value_or(0);
  const std::size_t first = owner.placements.size();
  const auto whole = static_cast<std::int64_t>(std::ceil(blocks - kLeastBlocks));
  const std::int64_t placed =
      place(kernel, whole, sm_classes(owner.placements, plan_->kernels, sms), plan_->limits,
            owner.placements);
  if (placed == 0) return false;
  for (std::size_t i = first; i < owner.placements.size(); ++i) {
    owner.placements[i].stream = stream;
    owner.placements[i].kernel = static_cast<std::uint32_t>(kernel_index);
    owner.placements[i].left = placed == whole ? blocks / static_cast<double>(whole) : 1;
  }
  if (placed == whole) {
    self.stage = Stage::tail;
    self.left = self.tail = 0;
  } else {
    const double waves = std::floor(blocks / static_cast<double>(placed));
    self.stage = Stage::bulk;
    self.left = waves * static_cast<double>(placed);
    self.tail = blocks - self.left;
  }
  return true;
}

// Oldest first; what comes after a grid with blocks to start waits for it, as in the hardware's
// queue.
void Workload::dispatch() {
  if (state_.owner == kNobody || state_.switching()) return;
  TenantState& owner = state_.tenants[static_cast<std::size_t>(state_.owner)];
  while (!owner.pending.empty()) {
    const std::uint32_t stream = owner.pending.front();
    StreamState& self = owner.streams[stream];
    const auto kernel = op_of(static_cast<std::size_t>(state_.owner), stream).kernel;
    if (self.stage == Stage::bulk) {
      if (!state_.room_grew) break;
      const double blocks = self.left + self.tail;
      std::erase_if(owner.placements, [&](const Placement& at) { return at.stream == stream; });
      if (!start_blocks(owner, stream, blocks)) break;
    } else {
      const double rest =
          self.tail > kLeastBlocks ? self.tail : static_cast<double>(plan_->kernels[kernel].grid);
      if (!start_blocks(owner, stream, rest)) break;
    }
    if (self.stage == Stage::bulk) break;
    owner.pending.erase(owner.pending.begin());
  }
  state_.room_grew = false;
}

}  // namespace assay::sim
