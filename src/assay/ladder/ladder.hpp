// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "assay/ladder/limiter.hpp"
#include "assay/sample/sample.hpp"
#include "assay/units/units.hpp"

namespace assay::ladder {

// The device's capacity over a window, cut at the rungs. Known parts and `unattributed` sum to 1
// within 1e-9, always: what no reading can place is unattributed, never silently zero.
//
//   not_held    = 1 - held              nobody has a context
//   idle_held   = held - busy           held, but no kernel resident
//   empty_sms   = busy - SM active      a kernel is resident, these SMs are empty
//   stalled     = SM active - SOL       warps are resident, but the limiter is not busy
//   engaged     = SOL                   when the workload does not say what was useful; otherwise
//   overwork    = SOL - useful          and
//   useful      = useful                stand in its place
struct Part {
  std::string_view name;         // as in the JSON: "empty_sms"
  std::string_view description;  // for people: "kernel resident, SMs empty"
  sample::Reading<Ratio> share;
  bool is_loss = true;  // false for engaged and useful
};

struct Losses {
  std::vector<Part> parts;  // in ladder order; five or, with useful known, six
  Ratio unattributed = Ratio::fraction(1.0);
};

// Rungs as fractions of the device's capacity. Each known rung is raised to the one below it
// (work seen is work held), so none exceeds the one above; a raised rung is `derived`. Busy by the
// driver's own sampling, which is shorter than the window, is `estimated` (reason: sampled), and so
// is every part and rung computed from it.
struct Ladder {
  sample::Reading<Ratio> held;
  sample::Reading<Ratio> busy;
  sample::Reading<Ratio> sm_active;
  SpeedOfLight sol;
  sample::Reading<Ratio> useful;
  Losses losses;
  bool sm_active_raised = false;  // to SOL: a copy engine or a link worked beside the SMs

  // The route that the counters came by: "gpm", "nvml" where only time-based readings exist.
  std::string_view route = "none";
};

// useful: work the user asked for over the roofline's best for it, or unknown(no_workload).
Ladder climb(
    const sample::Sample& sample, const LinkPeaks& peaks,
    sample::Reading<Ratio> useful = sample::Reading<Ratio>::unknown(sample::Reason::no_workload));

// The dearest loss that is known; share unknown if none is.
Part largest_loss(const Losses& losses);

}  // namespace assay::ladder
