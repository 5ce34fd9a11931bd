// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/sample/sample.hpp"

namespace assay::test {

struct Outcome {
  std::vector<std::string> wrongs;  // empty: the meter tells the truth
  std::size_t checks = 0;
  std::size_t windows = 0;                             // device windows looked at
  std::size_t gone = 0;                                // of these: the device was lost or stale
  std::size_t hung = 0;                                // beside them: a call of the device hung
  std::size_t recorded = 0, recorded_with_faults = 0;  // 1: through a file and JSON
  std::vector<sample::Snapshot> snapshots;
};

// Runs the probe over a random fleet in virtual time and holds what it says against what the
// simulated devices did. Of four seeds, two are without faults, one has calls that fail or answer
// nonsense, and one has delays and steps of the wall clock besides. In one of four without faults a
// call hangs until the run is over: its device must be stale, the others as if nothing were.
// Thread-safe; the calling thread drives the time.
Outcome run_seed(std::uint64_t seed, const catalog::Catalog& chips);

// What is taken as known of a device of that chip.
appraise::BoardKnowledge board_of(const catalog::Chip& chip);

// The scenario of a seed, for a person who looks into it.
std::string scenario_of_seed(std::uint64_t seed, const catalog::Catalog& chips);

}  // namespace assay::test
