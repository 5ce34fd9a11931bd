// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/ladder/ladder.hpp"

namespace assay::ladder {

// The ladder where something else than the counters tells for how much of the window a kernel was
// resident (a trace): that is its busy rung, raised as ever to the rungs below.
Ladder climb_with_busy(const sample::Sample& sample, const LinkPeaks& peaks,
                       const sample::Reading<Ratio>& useful, const sample::Reading<Ratio>& busy);

}  // namespace assay::ladder
