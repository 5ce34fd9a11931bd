// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/base/result.hpp"
#include "assay/sample/sample.hpp"

namespace assay::serve {

// "2026-11-22T08:40:12Z", seconds since 1970 ("1764400000", "1764400000.5"), "now", or before now:
// "-15m". invalid_argument for anything else.
Result<sample::WallTime> parse_time(std::string_view text, sample::WallTime now);

// The present, as the system's clock has it.
sample::WallTime wall_now();

}  // namespace assay::serve
