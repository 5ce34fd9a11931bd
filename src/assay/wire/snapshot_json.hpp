// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/appraise/appraisal.hpp"

namespace assay::wire {

// One line of "assay.snapshot/1" (docs/json.md), without a newline. Ratios are 0..1, unknown is
// null with its reason, and text that is no UTF-8 is repaired, so the line always parses.
// `recorded`: of a snapshot of a recording, what was recorded.
std::string snapshot_json(const appraise::AppraisedSnapshot& snapshot,
                          const sample::Origin* recorded = nullptr);

}  // namespace assay::wire
