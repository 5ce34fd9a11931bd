// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "assay/sim/ahead.hpp"
#include "assay/sim/climate.hpp"
#include "assay/sim/device.hpp"
#include "assay/sim/workload.hpp"

namespace assay::sim {

// States on the way, evenly spread and never many, to start from when one in between is asked for.
class Marks {
 public:
  void pass(const State& state);  // after each event
  void clear();
  [[nodiscard]] std::vector<State> take();

 private:
  std::vector<State> states_;
  std::int64_t every_ = 0;  // events; 0: none passed yet
  std::int64_t since_ = 0;
};

// What repeats: from `start` on, each `period` adds `one`, for `count` periods.
struct Repetition {
  State before;  // one period before: how far the streams' iterations go in one
  State start;   // nothing done
  std::int64_t period = 0;
  std::int64_t count = 0;
  Integrals one;
  std::vector<ProcessIntegrals> one_by_tenant;
  std::vector<State> marks;  // states within the period, by time

  [[nodiscard]] std::int64_t end_ns() const { return start.now + period * count; }
  [[nodiscard]] double watts() const;
  [[nodiscard]] double mean_ghz() const;
};

// Takes a Workload through a scenario's boundaries (starts, stops, events), keeps its temperature,
// and passes over what repeats: Brent's search for a cycle, over the moments at which an iteration
// ends. What it does at which time follows from the scenario alone; advance_to() only decides how
// far.
class Engine {
 public:
  Engine(const DeviceEntry& entry, int index);

  void advance_to(std::int64_t ns);
  std::size_t look_ahead(std::size_t most_states, Foresight foresight);  // Device::look_ahead

  [[nodiscard]] std::int64_t now() const { return asked_; }
  [[nodiscard]] const DeviceFacts& facts() const { return facts_; }
  [[nodiscard]] Integrals integrals() const;
  [[nodiscard]] Moment moment() const;
  [[nodiscard]] std::vector<ProcessState> processes() const;
  [[nodiscard]] std::span<const LogEntry> log() const { return log_; }
  [[nodiscard]] const Integrals& at_load() const { return at_load_; }
  [[nodiscard]] std::int64_t loaded_at() const { return loaded_at_; }

 private:
  [[nodiscard]] std::int64_t next_stop() const;
  void leap_to(std::int64_t ns);
  void run_to(std::int64_t ns);
  void seek_in_repetition(std::int64_t ns);
  void leave_repetition();
  void look_for_repetition();
  void begin_repetition(std::int64_t period);
  void forget_course();
  void fold_done();

  [[nodiscard]] std::int64_t next_boundary() const;
  void apply_boundary();
  void apply(const EventSpec& event);
  void start_and_stop(bool stops);
  void vanish(Presence how);
  void appear();
  void update_bounds();
  void watch_temperature(std::int64_t next);
  void take_checkpoint();

  [[nodiscard]] std::int64_t local_ns() const;
  [[nodiscard]] std::int64_t periods() const;
  [[nodiscard]] double mean_watts() const;
  [[nodiscard]] bool present() const { return presence_ == Presence::ok; }

  std::shared_ptr<const DevicePlan> plan_;
  std::int64_t offset_;
  std::int64_t pid_offset_;
  DeviceFacts facts_;
  Workload work_;
  Climate climate_;
  std::int64_t asked_ = 0;
  std::int64_t boundary_ = 0;
  std::int64_t thermal_ = kNever;
  Integrals base_;  // done before what the workload's state has done
  std::vector<ProcessIntegrals> base_by_tenant_;
  double checkpoint_energy_ = 0;
  double checkpoint_cycles_ = 0;

  std::optional<Repetition> repetition_;
  std::optional<State> seen_;  // Brent's tortoise
  std::int64_t markers_ = 0;
  std::int64_t patience_ = 1;
  Marks marks_;  // since seen_
  Ahead ahead_;

  Presence presence_ = Presence::ok;
  double power_cap_ = 0;
  double clock_cap_ghz_ = 0;  // 0: none
  std::uint64_t clock_cap_reason_ = 0;
  std::uint64_t ecc_corrected_ = 0;
  std::uint64_t ecc_uncorrected_ = 0;
  int last_xid_ = 0;
  std::size_t next_event_ = 0;
  std::vector<LogEntry> log_;
  Integrals at_load_;
  std::int64_t loaded_at_ = 0;
};

}  // namespace assay::sim
