// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "assay/appraise/appraisal.hpp"

namespace assay::serve {

// What is computed of a window and asked for over time like a metric of the table.
inline constexpr std::array<std::string_view, 14> kDerivedIds = {
    "ladder.held",       "ladder.busy",           "ladder.sm_active", "ladder.sol",
    "ladder.useful",     "loss.not_held",         "loss.idle_held",   "loss.empty_sms",
    "loss.stalled",      "loss.engaged",          "loss.overwork",    "loss.useful",
    "loss.unattributed", "cost.lost_usd_per_hour"};
inline constexpr std::size_t kDerivedCount = kDerivedIds.size();

// By the order of kDerivedIds; NaN: not known in this window. Single precision: seven digits of a
// share are more than any counter has.
using DerivedValues = std::array<float, kDerivedCount>;
DerivedValues derived_of(const appraise::Appraisal& device);

std::optional<std::size_t> find_derived(std::string_view id);
std::string_view unit_of_derived(std::size_t id);  // "ratio" or "usd_per_hour"

}  // namespace assay::serve
