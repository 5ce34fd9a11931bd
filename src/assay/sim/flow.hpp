// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "assay/sim/integrals.hpp"
#include "assay/sim/placement.hpp"
#include "assay/sim/power.hpp"
#include "assay/sim/scenario.hpp"

// How fast everything goes while nothing starts or ends: all rates are per nanosecond.
namespace assay::sim {

// What the chip can give, from the catalog and the lab.
struct Roofs {
  int sm_count = 0;
  double dram_bytes_ns = 0;
  double pcie_bytes_ns = 0;    // one way, as reached by a copy; 0: the chip has no such link
  double nvlink_bytes_ns = 0;  // one way
};
Roofs roofs_of(const catalog::Chip& chip);

// What runs now.
struct Running {
  std::span<const Placement> placements;  // of the process that holds the engine
  std::span<const KernelSpec> kernels;
  bool context = false;
  bool launching = false;       // a launch or a context switch is being worked on
  bool compute = false;         // that, or a grid resident
  std::array<int, 4> copies{};  // running, by CopyKind
};

struct Flow {
  double clock_ghz = 0;
  bool power_capped = false;
  std::vector<double> block_rate;      // of each placement: blocks' work done a ns, one block
  std::vector<double> wanted_rate;     // the same before they share anything
  std::array<double, 4> copy_bytes{};  // one copy of this kind
  bool copying = false;
  bool memory = false;
  double sm_active = 0;  // SMs
  double warps = 0;
  PipeArray pipe{};  // SM cycles a ns
  double dram_read = 0;
  double dram_write = 0;
  double pcie_tx = 0;
  double pcie_rx = 0;
  double nvlink_tx = 0;
  double nvlink_rx = 0;
  double watts = 0;
};

struct ClockBounds {
  double most_ghz = 0;   // of the board, its settings and its temperature
  double least_ghz = 0;  // the power limit goes no lower
  double idle_ghz = 0;   // without a context
  double power_limit = 0;
  friend bool operator==(const ClockBounds&, const ClockBounds&) = default;
};

// Finds the rates. Its answer depends on the arguments alone; the members that change are scratch
// space and the last answers, since a workload comes back to few situations. One thread.
class FlowSolver {
 public:
  FlowSolver(const Roofs& roofs, const PowerModel& power) : roofs_(roofs), power_(power) {}

  // The rates at the highest clock, in steps of 15 MHz, that keeps the power under the limit. A
  // real governor takes some tens of ms to get there; this one is there at once.
  void solve(const Running& running, const ClockBounds& bounds, Flow& out);

  [[nodiscard]] const PowerModel& power() const { return power_; }

 private:
  // An answer with all that it depends on beside the bounds.
  struct Answer {
    std::vector<Placement> placements;  // `left` does not matter
    std::array<int, 4> copies{};
    bool context = false;
    bool launching = false;
    bool given = false;
    Flow flow;
    [[nodiscard]] bool is_for(const Running& running) const;
  };
  Answer& answer_for(const Running& running, const ClockBounds& bounds);
  void find(const Running& running, const ClockBounds& bounds, Flow& out);
  void at_clock(const Running& running, double ghz, Flow& out);
  void share_sms(const Running& running, Flow& out);
  void share_device(const Running& running, Flow& out);
  void add_up(const Running& running, Flow& out);
  void add_pipes(const Running& running, int lo, int hi, Flow& out);
  void find_cuts(const Running& running);

  Roofs roofs_;
  PowerModel power_;
  std::vector<int> cuts_;
  PipeArray weighted_{};  // pipe cycles by what they cost in power
  ClockBounds bounds_;    // of the answers
  std::vector<Answer> answers_;
};

// Adds `ns` of this flow. The device is there.
void integrate(const Flow& flow, const Running& running, std::int64_t ns, Integrals& into);

}  // namespace assay::sim
