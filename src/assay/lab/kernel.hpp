// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "assay/units/units.hpp"

namespace assay::lab {

// One rung of the lab. id is stable: recordings and JSON name it.
struct KernelInfo {
  std::string_view id;    // "one-thread"
  std::string_view what;  // one line for people
};

// All of them, in the order in which the lab runs them.
std::span<const KernelInfo> kernels();

// SM active as the launch's geometry makes it, where that settles it: blocks that live as long as
// the run on a known part of the SMs. nullopt: depends on the library or on launch gaps, or no such
// id, or sm_count < 1.
std::optional<Ratio> expected_sm_active(std::string_view id, int sm_count);

}  // namespace assay::lab
