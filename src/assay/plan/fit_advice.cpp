// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/fit_advice.hpp"

#include <algorithm>

#include "assay/plan/parallelism.hpp"

namespace assay::plan {

std::optional<roofline::Parallel> least_that_fits(const model::Model& model,
                                                  const roofline::ChipRoof& roof,
                                                  const roofline::EngineProfile& engine,
                                                  const Workload& workload) {
  for (const roofline::Parallel& parallel : parallelisms(model, roof)) {
    const auto replica = Deployment::make(model, roof, parallel, engine, 1);
    if (replica && replica->room(workload) >= 1) return parallel;
  }
  return {};
}

Bytes missing_per_chip(const Deployment& replica, const Workload& workload) {
  const roofline::StepModel::Memory& memory = replica.step().memory();
  const Bytes request = replica.step().kv_bytes(workload.prompt.mean() + workload.output.mean());
  const Bytes room = std::max(Bytes(0), memory.room_for_kv);
  const Bytes short_of = std::max(Bytes(0), request - room) / replica.step().parallel().chips();
  return memory.missing_per_chip + short_of;
}

}  // namespace assay::plan
