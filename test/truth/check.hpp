// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "assay/appraise/appraisal.hpp"
#include "assay/sample/sample.hpp"
#include "truth/call_log.hpp"
#include "truth/ground.hpp"
#include "truth/verdict.hpp"

namespace assay::test {

// How much may be asked of a run.
struct Rigour {
  bool faults = false;  // calls fail: what is missing must say why
  bool delays = false;  // calls take time: a sample's readings are of different moments
  bool steps = false;   // the wall clock was stepped: the driver's own buffers can't be told apart
};

// One sample of one device, and what is known of how it was made.
struct Case {
  const Ground& ground;
  const std::vector<CallEntry>& calls;
  const sample::Sample& sample;
  std::int64_t at_ns = 0;  // when it was complete
  Rigour rigour;
};

// The last successful call up to that moment; null: none.
const CallEntry* last_success(const Case& at, Call call, std::uint32_t which = 0);

// What the GPM readings of the sample should be; nothing where there is no new data in them.
std::optional<Share> expected_counters(const Case& at);

// Each reading that is given must be the simulator's own integral; each that is not must say why.
// Bounds: one part in 10^9 for shares and rates over a window (its edges are the GPM refreshes
// before the two samples, so they are known exactly), the driver's own rounding for the rest.
void check_readings(const Case& at, Verdict& verdict);
// That no reading says anything false about there being a value.
void check_states(const Case& at, Verdict& verdict);
// Of a run whose calls take no time: a call that failed for this sample leaves its readings unknown
// for its own reason, and one that fails for the device as a whole makes the device lost.
void check_failed_calls(const Case& at, Verdict& verdict);
// A device whose sample hangs in that call: stale, the call named, each value of its sample before
// (null: none) kept for the eye alone.
void check_hanging(const Case& at, Call call, const sample::Sample* before, Verdict& verdict);
// Rungs, losses and cost of a sample.
void check_ladder(const Case& at, const appraise::Appraisal& appraisal, Verdict& verdict);

}  // namespace assay::test
