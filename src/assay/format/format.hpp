// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/sample/sample.hpp"
#include "assay/units/units.hpp"

namespace assay::format {

// "0 %", "0.039 %", "0.76 %", "12.3 %", "100 %": three figures, and only true zero and one read so.
// Over one (invalid, yet shown) it is told in full.
std::string percent(Ratio share);
// The same of a reading that has a value to show: "~12.3 %" if it is estimated, "12.3 % stale" if
// so.
std::string percent_of(const sample::Reading<Ratio>& share);

// "128 W", "1.98 GHz", "79.6 GiB", "3.02 TB/s", "34 C", ...
std::string quantity(metric::Unit unit, double base_value);
std::string dollars(DollarsPerHour rate);  // "$2.49/h"

// "2026-11-22 08:40:12Z"
std::string wall_text(sample::WallTime at);
// RFC 3339 with milliseconds: "2026-11-22T08:40:12.123Z"
std::string wall_iso(sample::WallTime at);
// The inverse, for --at; fraction of a second optional, only UTC ("Z").
Result<sample::WallTime> parse_wall(std::string_view text);

// "500ms", "1s", "2.5s", "1m", "2h"; over zero and at most a year. A bare number is refused: who
// types 100 may mean milliseconds.
Result<Seconds> parse_duration(std::string_view text);

}  // namespace assay::format
