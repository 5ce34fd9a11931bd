// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <optional>

#include "assay/base/result.hpp"
#include "assay/plan/search.hpp"

namespace assay::plan {

// What a tenth more of each resource would change.
struct WhatIf {
  roofline::Resource resource;
  std::optional<double>
      cost_change;  // of the price of a token: -0.08 is 8 % cheaper; nothing: it can't be told
};
inline constexpr double kMore = 1.1;
using WhatIfs = std::array<WhatIf, 5>;  // dram, compute, link, capacity, overhead

// tokens_per_price: what one replica yields for its price, in any unit; nothing where it fails.
using Yield = std::function<std::optional<double>(const Deployment&)>;
WhatIfs what_if(const model::Model& model, const roofline::ChipRoof& roof,
                roofline::Parallel parallel, const roofline::EngineProfile& engine,
                const Yield& tokens_per_price);

}  // namespace assay::plan
