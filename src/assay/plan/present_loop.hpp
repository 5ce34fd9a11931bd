// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/plan/steady.hpp"

namespace assay::plan {

// A closed loop whose clients are never away: limits.outside is taken as none. clumped: answers of
// one length, all in step. Needs most_admitted() >= 1 and a concurrency of 1 or more.
Steady present_loop(const StepCost& cost, const Limits& limits, const Workload& workload,
                    double concurrency, bool clumped);

}  // namespace assay::plan
