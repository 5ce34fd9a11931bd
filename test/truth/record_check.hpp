// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "assay/sample/sample.hpp"
#include "truth/verdict.hpp"

namespace assay::test {

// Records the snapshots into a file of the temporary folder, replays it, and prints both as JSON:
// all must say the same, within the precision that store/precision.hpp promises for each unit.
void check_record(std::uint64_t seed, const std::vector<sample::Snapshot>& snapshots,
                  Verdict& verdict);

}  // namespace assay::test
