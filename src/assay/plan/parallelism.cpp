// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/parallelism.hpp"

#include <algorithm>

namespace assay::plan {
namespace {

using roofline::Parallel;

constexpr int kMostTensor = 16;
// More only where so many chips do not hold the weights.
constexpr int kMostStages = 8;

int layers_of(const model::Model& model) {
  int sum = 0;
  for (const model::LayerGroup& group : model.layers) sum += group.count;
  return sum;
}

// The weights, and requests beside them.
bool holds(const roofline::ChipRoof& roof, int chips, const model::Model& model) {
  constexpr double kOfMemory = 0.7;
  return kOfMemory * chips * roof.capacity().value() >= weight_bytes(model);
}

bool has_experts(const model::Model& model) {
  return std::ranges::any_of(
      model.layers, [](const model::LayerGroup& group) { return group.layer.experts.has_value(); });
}

}  // namespace

std::vector<Parallel> parallelisms(const model::Model& model, const roofline::ChipRoof& roof) {
  const bool experts = has_experts(model);
  const int domain = std::clamp(roof.link ? roof.domain : 1, 1, kMostTensor);
  std::vector<Parallel> found;
  for (int chips = 1; chips <= domain; chips *= 2)
    for (int data = 1; data <= (experts ? chips : 1); data *= 2)
      for (const int expert : {1, chips}) {
        if (expert > 1 && !experts) continue;
        for (int stages = 1;; stages *= 2) {
          if (stages > kMostStages &&
              (domain == 1 || stages > layers_of(model) || holds(roof, chips * stages / 2, model)))
            break;
          if (stages > 1 && (chips * 2 <= domain || data > 1)) break;
          found.push_back(
              {.tensor = chips / data, .pipeline = stages, .data = data, .expert = expert});
        }
        if (chips == 1) break;
      }
  std::ranges::stable_sort(found, {}, &Parallel::chips);
  return found;
}

}  // namespace assay::plan
