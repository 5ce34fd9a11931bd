// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/appraise/appraisal.hpp"

namespace assay::wire {

// Comma-separated values (RFC 4180, but lines end in \n): one row a window and device. Ratios are
// 0..1, the rest base units. What is not known is empty, and the column "<name>_state" beside it
// says why
// ("unknown:no-gpm"); a value's own state is there too ("measured", "estimated:sampled").
std::string csv_header();
// `recorded`: of a window of a recording, what was recorded.
std::string csv_rows(const appraise::AppraisedSnapshot& snapshot,
                     const sample::Origin* recorded = nullptr);

}  // namespace assay::wire
