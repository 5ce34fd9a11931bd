// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/sample/sample.hpp"
#include "truth/verdict.hpp"

namespace assay::test {

// What is known of each device beside its counters, by index.
using Boards = std::vector<appraise::BoardKnowledge>;

// Records the snapshots into a file of the temporary folder, replays it, and prints both as JSON:
// all must say the same, within the precision that store/precision.hpp promises for each unit.
// Returns the lines that were printed from the file, one a snapshot.
std::vector<std::string> check_record(std::uint64_t seed,
                                      const std::vector<sample::Snapshot>& snapshots,
                                      const Boards& boards, Verdict& verdict);

}  // namespace assay::test
