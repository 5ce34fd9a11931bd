// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/engine.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "assay/base/check.hpp"
#include "assay/sim/device_facts.hpp"

namespace assay::sim {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kMostMarks = 64;
constexpr std::int64_t kLeastEventsBetweenMarks = 8;

PowerModel power_of(const DevicePlan& plan) { return PowerModel(plan.chip, plan.max_clock); }

double idle_watts(const DevicePlan& plan) {
  return power_of(plan).watts({}, plan.idle_clock.value() * 1e-9);
}

}  // namespace

void Marks::pass(const State& state) {
  every_ = std::max(every_, kLeastEventsBetweenMarks);
  if (++since_ < every_) return;
  since_ = 0;
  states_.push_back(state);
  if (states_.size() < kMostMarks) return;
  every_ *= 2;  // every other one stays
  std::size_t kept = 0;
  for (std::size_t i = 1; i < states_.size(); i += 2) states_[kept++] = std::move(states_[i]);
  states_.resize(kept);
}

void Marks::clear() {
  states_.clear();
  every_ = since_ = 0;
}

std::vector<State> Marks::take() {
  every_ = since_ = 0;
  return std::exchange(states_, {});
}

double Repetition::watts() const { return one.energy_j / (static_cast<double>(period) * 1e-9); }
double Repetition::mean_ghz() const { return one.elapsed_cycles / static_cast<double>(period); }

Engine::Engine(const DeviceEntry& entry, int index)
    : plan_(entry.plan),
      offset_(entry.offset_ns),
      pid_offset_(entry.pid_offset),
      facts_(facts_of(entry, index)),
      work_(*plan_, entry.seed),
      climate_(ThermalModel(facts_.default_power_limit), power_of(*plan_), plan_->max_clock,
               plan_->ambient_c, idle_watts(*plan_)),
      base_by_tenant_(plan_->processes.size()),
      power_cap_(plan_->power_limit.value()) {
  update_bounds();
  apply_boundary();
  work_.settle();
  watch_temperature(std::min(work_.next_ns(), boundary_));
}

void Engine::advance_to(std::int64_t ns) {
  CHECK(ns >= asked_);
  if (!ahead_.states.empty()) leap_to(ns);
  while (true) {
    if (!repetition_) run_to(ns);
    if (!repetition_) break;
    if (ns < repetition_->end_ns()) {
      seek_in_repetition(ns);
      break;
    }
    leave_repetition();
  }
  asked_ = ns;
}

// From event to event, until the next lies beyond or something begins to repeat.
void Engine::run_to(std::int64_t ns) {
  while (!repetition_) {
    const std::int64_t stop = next_stop();
    if (stop > ns || stop == kNever) return;
    work_.progress(stop - work_.state().now);
    if (stop == thermal_) take_checkpoint();
    const bool marker = work_.complete();
    if (stop == boundary_) apply_boundary();
    work_.settle();
    watch_temperature(std::min(work_.next_ns(), boundary_));
    if (marker) look_for_repetition();
    // What was found out beforehand brings its own.
    if (seen_ && ahead_.states.empty()) marks_.pass(work_.state());
  }
}

// Short segments: a checkpoint at the first event after each second. A long one has the same power
// all along, so the moment at which it becomes too hot follows.
void Engine::watch_temperature(std::int64_t next) {
  const std::int64_t now = work_.state().now;
  thermal_ = kNever;
  const bool long_segment = next == kNever || next - now >= kSecond;
  if (!long_segment && now - climate_.last_checkpoint() < kSecond) return;
  take_checkpoint();
  if (long_segment) thermal_ = std::max(climate_.due(present() ? work_.flow().watts : 0), now + 1);
}

void Engine::take_checkpoint() {
  const std::int64_t now = work_.state().now;
  const Integrals total = base_ + work_.state().done;
  const std::int64_t past = now - climate_.last_checkpoint();
  if (past <= 0) return;
  const double watts = (total.energy_j - checkpoint_energy_) / (static_cast<double>(past) * 1e-9);
  const double ghz = (total.elapsed_cycles - checkpoint_cycles_) / static_cast<double>(past);
  checkpoint_energy_ = total.energy_j;
  checkpoint_cycles_ = total.elapsed_cycles;
  if (!climate_.checkpoint(now, watts, ghz)) return;
  update_bounds();
  forget_course();
  work_.settle();
}

void Engine::forget_course() {
  seen_.reset();
  marks_.clear();
  patience_ = 1;
  markers_ = 0;
}

void Engine::fold_done() {
  base_ += work_.state().done;
  for (std::size_t i = 0; i < base_by_tenant_.size(); ++i) {
    base_by_tenant_[i] += work_.state().tenants[i].done;
  }
  work_.clear_done();
}

void Engine::look_for_repetition() {
  if (seen_ && same_course(*seen_, work_.state(), *plan_)) {
    return begin_repetition(work_.state().now - seen_->now);
  }
  if (seen_ && ++markers_ < patience_) return;
  if (seen_) patience_ *= 2;
  markers_ = 0;
  marks_.clear();
  fold_done();
  seen_ = work_.state();
}

// What lies between seen_ and now comes again until a boundary, until a stream has no iteration
// left for it, or until it gets too hot.
void Engine::begin_repetition(std::int64_t period) {
  const State& state = work_.state();
  take_checkpoint();
  if (!seen_) return;  // the checkpoint has changed the clocks
  Repetition next;
  next.period = period;
  next.one = state.done;
  for (const TenantState& tenant : state.tenants) next.one_by_tenant.push_back(tenant.done);
  const std::int64_t until = std::min({boundary_, climate_.due(next.watts()), kNever / 4});
  next.count = (until - state.now) / period;
  if (until != boundary_ && until != kNever / 4) ++next.count;
  for (std::size_t i = 0; i < state.tenants.size(); ++i) {
    for (std::size_t j = 0; j < state.tenants[i].streams.size(); ++j) {
      const StreamState& stream = state.tenants[i].streams[j];
      const std::int64_t repeat = plan_->processes[i].streams[j].repeat;
      const std::int64_t each = stream.iteration - seen_->tenants[i].streams[j].iteration;
      if (repeat == 0 || each == 0) continue;
      next.count = std::min(next.count, (repeat - 1 - stream.iteration) / each);
    }
  }
  next.count = std::min(next.count, (boundary_ - state.now) / period);
  next.before = *std::move(seen_);
  next.marks = marks_.take();
  forget_course();
  if (next.count < 2) return;
  fold_done();
  next.start = work_.state();
  // What was passed since seen_ is passed again, a period later.
  for (State& mark : next.marks) move_on(mark, period, 1, next.before, next.start);
  thermal_ = kNever;
  repetition_ = std::move(next);
}

void Engine::seek_in_repetition(std::int64_t ns) {
  const Repetition& again = *repetition_;
  const std::int64_t target = again.start.now + (ns - again.start.now) % again.period;
  const auto after = std::ranges::upper_bound(again.marks, target, {}, &State::now);
  const State& from = after == again.marks.begin() ? again.start : *std::prev(after);
  const std::int64_t here = work_.state().now;
  if (here > target || here < from.now) work_.restore(from);
  while (work_.next_ns() <= target) {
    work_.progress(work_.next_ns() - work_.state().now);
    work_.complete();
    work_.settle();
  }
}

void Engine::leave_repetition() {
  const Repetition again = *std::move(repetition_);
  repetition_.reset();
  base_ += again.one.times(again.count);
  for (std::size_t i = 0; i < base_by_tenant_.size(); ++i) {
    base_by_tenant_[i] += again.one_by_tenant[i].times(again.count);
  }
  State state = again.start;
  move_on(state, again.period, again.count, again.before, again.start);
  work_.restore(state);
  take_checkpoint();
  watch_temperature(std::min(work_.next_ns(), boundary_));
}

void Engine::update_bounds() {
  const double max_ghz = plan_->max_clock.value() * 1e-9;
  double most = std::min(max_ghz, climate_.clock_cap());
  if (clock_cap_ghz_ > 0) most = std::min(most, clock_cap_ghz_);
  work_.set_bounds({.most_ghz = most,
                    .least_ghz = kLeastClock * max_ghz,
                    .idle_ghz = plan_->idle_clock.value() * 1e-9,
                    .power_limit = power_cap_});
}

}  // namespace assay::sim
