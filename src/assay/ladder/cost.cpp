// SPDX-License-Identifier: Apache-2.0
#include "assay/ladder/cost.hpp"

namespace assay::ladder {
namespace {

// Below this, a residual is rounding of the conserved sum and not a part that nobody could place.
constexpr double kRounding = 1e-9;

}  // namespace

std::optional<DollarsPerHour> worth(const Part& part, const std::optional<DollarsPerHour>& price) {
  if (!price || !part.share.value()) return std::nullopt;
  return *part.share.value() * *price;
}

Cost cost_of(const Losses& losses, const std::optional<Price>& price) {
  Cost cost;
  if (!price) return cost;
  cost.per_hour = price->per_hour;
  cost.source = price->source;
  DollarsPerHour lost{0};
  bool any = false;
  for (const Part& part : losses.parts) {
    const auto dollars = part.is_loss ? worth(part, cost.per_hour) : std::nullopt;
    if (!dollars) continue;
    any = true;
    lost += *dollars;
  }
  if (any) cost.lost_at_least = lost;
  if (any && losses.unattributed.value() <= kRounding) cost.lost = lost;
  return cost;
}

}  // namespace assay::ladder
