// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/probe/nvml/lane.hpp"

namespace assay::probe::nvml {

struct Shared;

// Lanes that share one thread, which always does the one that is due first. Where there are no more
// devices than threads, each lane has a sweep of its own. All but `wake` belongs to Shared::mutex.
//
// A step that hangs must not hold up the other lanes: once it has outlasted its budget, the patrol
// gives them to a fresh thread and leaves the hanging one with that lane alone. When that step
// returns, its lane goes back to the sweep, and its thread ends.
struct Sweep {
  std::vector<Lane*> lanes;      // but for those that a thread was left behind with
  Lane* current = nullptr;       // being done
  std::int64_t since_ns = 0;     // began then
  std::int64_t turn = 0;         // grows when the lanes are handed over
  std::condition_variable wake;  // a lane that was not due yet may be now, or stop
};

// Starts the sweep's thread. Errors: io, when the system gives none. With Shared::mutex held.
Status start_sweep(const std::shared_ptr<Shared>& shared, Sweep& sweep);

// Starts the thread that looks for steps that have outlasted `budget_ns` and hands over the lanes
// behind them. A system that gives no thread is asked again. With Shared::mutex held.
Status start_patrol(const std::shared_ptr<Shared>& shared, std::int64_t budget_ns);

}  // namespace assay::probe::nvml
