// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/planned.hpp"

#include <fmt/format.h>

#include <utility>

#include "assay/plan/deployment.hpp"

namespace assay::cli {
namespace {

Planned shown(const plan::Deployment& deployment, const plan::Prediction& prediction,
              const ComparedLoad& load) {
  Planned out;
  out.configuration = fmt::format("{} x, vLLM, {:.0f} at once, {:.0f} in, {:.0f} out",
                                  deployment.chips(), load.concurrency, load.prompt, load.answer);
  out.ttft = prediction.ttft.mean;
  if (prediction.tpot) out.tpot = prediction.tpot->mean;
  out.tokens_per_second = prediction.output_tokens_per_second;
  out.chips = deployment.chips();
  if (prediction.cost) out.usd_per_mtok = prediction.cost->output_all.value();
  out.per_token = prediction.per_token;
  out.bottleneck = roofline::to_string(prediction.bottleneck);
  out.provenance = roofline::to_string(prediction.provenance);
  return out;
}

}  // namespace

Result<Planned> planned_on(const PlanCatalog& catalog, const model::Model& model,
                           const std::string& chip, const ComparedLoad& load) {
  TRY_ASSIGN(const PlannedChip planned, catalog.chip(chip));
  TRY_ASSIGN(const roofline::EngineProfile engine, catalog.engine("vllm"));
  plan::Workload workload;
  TRY_ASSIGN(workload.prompt, plan::Lengths::fixed(load.prompt));
  TRY_ASSIGN(workload.output, plan::Lengths::fixed(load.answer));
  std::optional<Error> last;
  for (const int tensor : {1, 2, 4, 8}) {
    auto deployment = plan::Deployment::make(model, planned.roof, {.tensor = tensor}, engine, 1);
    if (!deployment) {
      last = deployment.error();
      continue;
    }
    if (deployment->room(workload) < load.concurrency) continue;
    return shown(*deployment, deployment->at_concurrency(workload, load.concurrency), load);
  }
  if (last) return *std::move(last);
  return Error{ErrorCode::not_supported,
               fmt::format("eight {} do not hold the model and {:.0f} requests", planned.id,
                           load.concurrency)};
}

}  // namespace assay::cli
