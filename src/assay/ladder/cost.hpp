// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "assay/ladder/ladder.hpp"
#include "assay/units/units.hpp"

namespace assay::ladder {

// What an hour of a device costs and who says so ("--price", "config", "catalog: ..., 2026-05").
struct Price {
  DollarsPerHour per_hour{0};
  std::string source;
};

// Dollars of an hour that go to the losses. `lost` is absent when the price is unknown or a part
// is unattributed; then `lost_at_least` still holds what the known losses are worth.
struct Cost {
  std::optional<DollarsPerHour> per_hour;
  std::optional<DollarsPerHour> lost;
  std::optional<DollarsPerHour> lost_at_least;
  std::string source;
};

Cost cost_of(const Losses& losses, const std::optional<Price>& price);

// What one part of the ladder is worth an hour; absent if the share or the price is unknown.
std::optional<DollarsPerHour> worth(const Part& part, const std::optional<DollarsPerHour>& price);

}  // namespace assay::ladder
