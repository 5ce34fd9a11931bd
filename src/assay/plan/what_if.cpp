// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/what_if.hpp"

namespace assay::plan {

using roofline::Resource;

WhatIfs what_if(const model::Model& model, const roofline::ChipRoof& roof,
                roofline::Parallel parallel, const roofline::EngineProfile& engine,
                const Yield& tokens_per_price) {
  const auto yield = [&](const roofline::ChipRoof& chip) -> std::optional<double> {
    const auto deployment = Deployment::make(model, chip, parallel, engine, 1);
    return deployment ? tokens_per_price(*deployment) : std::nullopt;
  };
  const std::optional<double> now = yield(roof);
  WhatIfs changes{{{Resource::dram, {}},
                   {Resource::compute, {}},
                   {Resource::link, {}},
                   {Resource::capacity, {}},
                   {Resource::overhead, {}}}};
  if (!now) return changes;
  for (WhatIf& change : changes) {
    const std::optional<double> more = yield(roof.scaled(change.resource, kMore));
    if (more && *more > 0) change.cost_change = *now / *more - 1;
  }
  return changes;
}

}  // namespace assay::plan
