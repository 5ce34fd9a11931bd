// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/bridge.hpp"

#include <algorithm>

#include "assay/roofline/speed_of_light.hpp"
#include "assay/roofline/step_model.hpp"

namespace assay::plan {
namespace {

using roofline::ChipRoof;
using roofline::EngineProfile;
using roofline::StepModel;
using roofline::StepTime;

Status check(const Decoding& decoding) {
  if (decoding.tokens_per_second > 0 && decoding.batch > 0 && decoding.context >= 0) return {};
  return Error{ErrorCode::invalid_argument,
               "tokens per second and batch must be above zero, and the context not below; give "
               "what the engine reports"};
}

// What of a step is memory, waiting and the rest. The counter sees DRAM's own time at its peak, so
// both sides count it so.
std::array<BridgeTerm, 3> terms_of(const Bridge& bridge, const StepTime& expected,
                                   const StepTime& best, const SeenShares& seen) {
  const Seconds memory = best.weights + best.kv;
  std::array<BridgeTerm, 3> terms = {
      {{"memory", std::nullopt, memory},
       {"waiting", std::nullopt, expected.overhead},
       {"kernels", std::nullopt, expected.total() - expected.overhead - memory}}};
  if (seen.dram) terms[0].measured = Seconds(*seen.dram * bridge.measured.value());
  if (seen.busy) terms[1].measured = Seconds((1 - *seen.busy) * bridge.measured.value());
  if (seen.dram && seen.busy)
    terms[2].measured = bridge.measured - *terms[0].measured - *terms[1].measured;
  return terms;
}

std::optional<BridgeTerm> blame_of(const Bridge& bridge) {
  const auto excess = [](const BridgeTerm& term) {
    return term.measured ? term.measured->value() - term.expected.value() : 0.0;
  };
  for (const BridgeTerm& term : bridge.terms)
    if (!term.measured) return std::nullopt;
  const BridgeTerm& worst = *std::ranges::max_element(bridge.terms, {}, excess);
  if (excess(worst) < 0.05 * bridge.measured.value()) return std::nullopt;
  return worst;
}

}  // namespace

Result<Bridge> bridge(const model::Model& model, const ChipRoof& roof, roofline::Parallel parallel,
                      const EngineProfile& engine, const Decoding& decoding,
                      const SeenShares& seen) {
  TRY(check(decoding));
  TRY_ASSIGN(const StepModel fitted, StepModel::make(model, roof, parallel, engine));
  TRY_ASSIGN(const StepModel light, speed_of_light(model, roof, parallel, engine));
  const roofline::StepShape shape{.decode_sequences = decoding.batch,
                                  .decode_context = decoding.context};
  const StepTime expected = fitted.step(shape);
  const StepTime best = light.step(shape);
  Bridge out;
  out.measured = Seconds(decoding.batch / decoding.tokens_per_second);
  out.expected = expected.total();
  out.best = best.total();
  out.useful = Ratio::fraction(out.best / out.measured);
  out.terms = terms_of(out, expected, best, seen);
  out.blame = blame_of(out);
  out.provenance = fitted.provenance();
  return out;
}

}  // namespace assay::plan
