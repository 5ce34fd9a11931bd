// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "assay/sample/sample.hpp"
#include "truth/check.hpp"
#include "truth/virtual_clock.hpp"

namespace assay::test {

// Counts of errors are those at their call, which is of this window or of the last seconds; the
// last Xid came before.
void check_errors(const Case& at, Verdict& verdict);

// Each Xid of a device that the driver could tell of, from the first time that the probe asked for
// events to the last time that it looked for them, is one event: not before it happened, and no
// later than the event itself says. Of a run without faults.
void check_xids(const Ground& ground, const std::vector<CallEntry>& calls, int device,
                std::span<const sample::Event> events, const VirtualClock& clock, Verdict& verdict);

}  // namespace assay::test
