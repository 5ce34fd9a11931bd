// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "assay/sim/flow.hpp"
#include "assay/sim/scenario.hpp"
#include "assay/sim/state.hpp"

namespace assay::sim {

// Two processes without MPS hold the engine by turns. 2 ms is the drivers' default slice; two spins
// of 66 blocks, which alone read 50 % SM active, read 47 % together on an H100: 6 % are lost.
inline constexpr std::int64_t kTimeSlice = 2'000'000;
inline constexpr std::int64_t kContextSwitch = 128'000;

// Runs the streams of a device from event to event while the conditions (clock bounds) stay: waves
// and tails of grids, the order of streams, time slices. Knows nothing of boundaries in time, of
// temperature or of repetition: the Engine does.
//
// Use: progress() up to next_ns() at most, complete() there, change what else changes at that
// moment, settle(). A copy refers to the same plan, which must outlive it.
class Workload {
 public:
  Workload(const DevicePlan& plan, std::uint64_t seed);

  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] const Flow& flow() const { return flow_; }
  // When the next thing ends by itself; kNever: nothing will.
  [[nodiscard]] std::int64_t next_ns() const { return next_; }
  [[nodiscard]] const PowerModel& power() const { return solver_.power(); }
  // What is done `ns` after state().now, up to next_ns().
  [[nodiscard]] Integrals done_after(std::int64_t ns) const;
  [[nodiscard]] ProcessIntegrals done_after(std::size_t tenant, std::int64_t ns) const;

  void progress(std::int64_t ns);
  // Ends what has come to its end and starts what follows. True where an iteration of a stream has
  // ended or the engine changed hands since the last call: a moment at which things may repeat.
  bool complete();
  // Finds the flow and the next end. complete() and each change of conditions need it after them.
  void settle();

  void set_bounds(const ClockBounds& bounds) { bounds_ = bounds; }
  // Starts and ends of processes and streams, from outside.
  void start_tenant(std::size_t tenant) { state_.tenants[tenant].life = Life::alive; }
  void end_tenant(std::size_t tenant);
  void start_stream(std::size_t tenant, std::size_t stream);
  void end_stream(std::size_t tenant, std::size_t stream);
  // While the device is gone nothing grows.
  void set_present(bool present) { present_ = present; }
  // Back to a state of this workload under the conditions of now, and settles.
  void restore(const State& state);
  // Sets what is done to 0; the caller has added it up elsewhere.
  void clear_done();

 private:
  [[nodiscard]] Running running() const;
  [[nodiscard]] std::int64_t next_end() const;
  [[nodiscard]] const OpSpec& op_of(std::size_t tenant, std::size_t stream) const;
  [[nodiscard]] bool may_begin(std::size_t tenant, std::size_t stream) const;
  void begin_op(std::size_t tenant, std::size_t stream);
  void start_op(std::size_t tenant, std::size_t stream);
  void end_op(std::size_t tenant, std::size_t stream);
  void wake_blocked();
  void end_copies_and_gaps();
  void end_launches(TenantState& owner);
  void end_grids();
  void hand_over_engine();
  void dispatch();
  bool start_blocks(TenantState& owner, std::uint32_t stream, double blocks);

  const DevicePlan* plan_;
  std::uint64_t seed_;
  FlowSolver solver_;
  ClockBounds bounds_;
  bool present_ = true;
  State state_;
  Flow flow_;
  std::int64_t next_ = kNever;
  bool marker_ = false;
  std::vector<double> grid_rates_;    // scratch space
  std::vector<std::uint32_t> ended_;  // the same
};

}  // namespace assay::sim
