// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/bridge_json.hpp"

#include <nlohmann/json.hpp>

namespace assay::wire {

Json bridge_json(const appraise::DecodeComparison& comparison) {
  const plan::Bridge& b = comparison.bridge;
  Json terms = Json::object();
  for (const plan::BridgeTerm& term : b.terms)
    terms[term.name] = {{"measured_s", number(term.measured)},
                        {"expected_s", term.expected.value()}};
  return {{"model", comparison.model},
          {"batch", comparison.decoding.batch},
          {"context", comparison.decoding.context},
          {"tokens_per_second", comparison.decoding.tokens_per_second},
          {"useful", b.useful.value()},
          {"step_s", b.measured.value()},
          {"expected_s", b.expected.value()},
          {"speed_of_light_s", b.best.value()},
          {"terms", std::move(terms)},
          {"blame", b.blame ? Json(b.blame->name) : Json(nullptr)},
          {"provenance", roofline::to_string(b.provenance)}};
}

}  // namespace assay::wire
