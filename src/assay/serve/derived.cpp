// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/derived.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace assay::serve {
namespace {

template <typename T>
float plain(const std::optional<T>& value) {
  return value ? static_cast<float>(value->value()) : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace

std::optional<std::size_t> find_derived(std::string_view id) {
  const auto* found = std::ranges::find(kDerivedIds, id);
  if (found == kDerivedIds.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDerivedIds.begin());
}

std::string_view unit_of_derived(std::size_t id) {
  return kDerivedIds[id].starts_with("cost.") ? "usd_per_hour" : "ratio";
}

DerivedValues derived_of(const appraise::Appraisal& device) {
  DerivedValues values;
  values.fill(std::numeric_limits<float>::quiet_NaN());
  const ladder::Ladder& ladder = device.ladder;
  values[0] = plain(ladder.held.value());
  values[1] = plain(ladder.busy.value());
  values[2] = plain(ladder.sm_active.value());
  values[3] = plain(ladder.sol.value.value());
  values[4] = plain(ladder.useful.value());
  for (const ladder::Part& part : ladder.losses.parts)
    if (const auto id = find_derived("loss." + std::string(part.name)))
      values[*id] = plain(part.share.value());
  values[12] = static_cast<float>(ladder.losses.unattributed.value());
  values[13] = plain(device.cost.lost);
  return values;
}

}  // namespace assay::serve
