// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/cut_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::roofline {
namespace {

Error wrong(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

// Heads of the first layer that tensor parallelism does not divide; 0 where it divides all.
int undivided_heads(const model::Model& model, int tensor) {
  for (const model::LayerGroup& group : model.layers) {
    const int heads = std::visit(
        [](const auto& mixer) {
          if constexpr (requires { mixer.value_heads; }) return mixer.value_heads;
          else return mixer.heads;
        },
        group.layer.mixer);
    if (heads % tensor != 0) return heads;
  }
  return 0;
}

}  // namespace

Status check_cut(const model::Model& model, const ChipRoof& roof, Parallel parallel) {
  if (parallel.tensor < 1 || parallel.pipeline < 1 || parallel.data < 1 || parallel.expert < 1)
    return wrong(
        fmt::format("a parallelism of tensor {}, pipeline {}, data {}, expert {} makes no "
                    "sense; each is 1 or more",
                    parallel.tensor, parallel.pipeline, parallel.data, parallel.expert));
  if (parallel.pipeline > model.layer_count())
    return wrong(fmt::format("{} layers can't be cut into {} stages; take fewer stages",
                             model.layer_count(), parallel.pipeline));
  const bool experts = std::ranges::any_of(
      model.layers, [](const model::LayerGroup& group) { return group.layer.experts.has_value(); });
  if (parallel.expert > 1 && !experts)
    return wrong(fmt::format("{} has no experts to spread over {} groups; leave out --ep",
                             model.name, parallel.expert));
  if (const int heads = undivided_heads(model, parallel.tensor))
    return wrong(
        fmt::format("{} heads of {} can't be shared by {} chips alike; take a tensor "
                    "parallelism that divides them",
                    heads, model.name, parallel.tensor));
  if (!roof.multiplies_16() && bits(model.quantization.weights) >= 16)
    return wrong(
        fmt::format("{} multiplies nothing wider than 8 bits by its catalog entry; store "
                    "the weights so (--dtype int8)",
                    roof.chip));
  return {};
}

}  // namespace assay::roofline
