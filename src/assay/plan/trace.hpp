// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/plan/request.hpp"

namespace assay::plan {

// Requests of a trace: lines "arrived_at,num_prefill_tokens,num_decode_tokens" (seconds, tokens,
// tokens) under a header of those names in any order; other columns are passed over. Sorted by
// arrival, the first at 0. `name` stands in errors, which say the line.
Result<std::vector<Request>> parse_trace(std::string_view name, std::string_view text);

}  // namespace assay::plan
