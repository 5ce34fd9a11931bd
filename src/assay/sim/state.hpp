// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "assay/sim/integrals.hpp"
#include "assay/sim/placement.hpp"
#include "assay/sim/scenario.hpp"

// All that changes while a workload runs under fixed conditions. Plain data: copied to come back to
// a moment, compared to find that everything repeats.
namespace assay::sim {

enum class Stage : std::uint8_t {
  waiting,    // its start has not come
  blocked,    // by a dependency
  gap,        // nothing to run until `until`
  launching,  // the front end needs `launch_left` more of the engine
  queued,     // launched, no block started
  bulk,       // full waves: `left` blocks to go, then `tail`
  tail,       // the last wave: its placements say how much is left
  copying,    // `left` bytes to go
  done,
};

struct StreamState {
  Stage stage = Stage::waiting;
  std::uint32_t op = 0;
  std::int64_t times = 0;  // the op has been done so often in this iteration
  std::int64_t iteration = 0;
  std::int64_t until = 0;
  std::int64_t launch_left = 0;
  double left = 0;
  double tail = 0;

  // Has it something for the compute engine?
  [[nodiscard]] bool on_engine() const { return stage >= Stage::launching && stage <= Stage::tail; }
};

enum class Life : std::uint8_t { future, alive, ended };

struct TenantState {
  Life life = Life::future;
  std::vector<StreamState> streams;
  std::vector<Placement> placements;   // resident, or frozen while another process has the engine
  std::vector<std::uint32_t> pending;  // streams whose grid has blocks not started, oldest first
  ProcessIntegrals done;

  [[nodiscard]] bool wants_engine() const;
};

inline constexpr int kNobody = -1;

struct State {
  std::int64_t now = 0;
  std::vector<TenantState> tenants;  // as DevicePlan::processes
  int owner = kNobody;               // tenant that holds the compute engine
  int last_owner = kNobody;
  std::int64_t slice_end = kNever;  // kNever: nobody else wants the engine
  std::int64_t switch_until = 0;    // the engine is being handed over until then
  bool room_grew = false;           // blocks have left the owner's SMs: a bulk may spread
  Integrals done;

  [[nodiscard]] bool switching() const { return owner != kNobody && switch_until > now; }
};

// Would both go on in the same way, but for the time that has passed?
bool same_course(const State& a, const State& b, const DevicePlan& plan);

// The state after `times` more periods, each of `period` ns, in which the streams' iterations grew
// from those of `before` to those of `after`. What has been done is left as it is.
void move_on(State& state, std::int64_t period, std::int64_t times, const State& before,
             const State& after);

}  // namespace assay::sim
