// SPDX-License-Identifier: Apache-2.0
#include "assay/model/precision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "assay/text/toml_tree.hpp"

namespace assay::model {
namespace {

struct Recipe {
  std::string_view name;
  Dtype weights;
  double bits_per_weight;
  std::optional<Dtype> activations;  // nothing: weights alone are quantized
  bool lm_head = false;
};

constexpr std::array kRecipes{
    Recipe{"fp32", Dtype::fp32, 32, Dtype::fp32},
    Recipe{"bf16", Dtype::bf16, 16, Dtype::bf16},
    Recipe{"fp16", Dtype::fp16, 16, Dtype::fp16},
    Recipe{"fp8", Dtype::fp8, 8, Dtype::fp8},
    Recipe{"fp4", Dtype::fp4, 4.5, Dtype::fp4},
    Recipe{"int8", Dtype::int8, 8, Dtype::int8},
    Recipe{"int4", Dtype::int4, 4.25, std::nullopt},
    Recipe{"q8_0", Dtype::int8, 8.5, std::nullopt, true},
    Recipe{"q4_0", Dtype::int4, 4.5, std::nullopt, true},
};

// Two recipes of the same width differ by less than this in scales.
constexpr double kScaleBits = 0.75;

bool has_latent_attention(const Model& model) {
  return std::ranges::any_of(model.layers, [](const LayerGroup& group) {
    return std::holds_alternative<LatentAttention>(group.layer.mixer);
  });
}

}  // namespace

Result<Model> with_precision(Model model, std::string_view precision) {
  if (precision.empty()) return model;
  const auto recipe = std::ranges::find(kRecipes, precision, &Recipe::name);
  if (recipe == kRecipes.end()) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("no precision is called \"{}\": write bf16, fp16, fp32, fp8, fp4, "
                             "int8, int4, q8_0 or q4_0",
                             text::quoted(precision))};
  }
  const bool wide = recipe->bits_per_weight >= 16;
  if (!wide && model.quantization.bits_per_weight <= recipe->bits_per_weight + kScaleBits)
    return model;
  Quantization q;
  q.method = wide ? "none" : std::string(recipe->name);
  q.weights = recipe->weights;
  q.bits_per_weight = recipe->bits_per_weight;
  const bool halves =
      recipe->weights == Dtype::fp16 || (!wide && model.quantization.unquantized == Dtype::fp16);
  q.unquantized = halves ? Dtype::fp16 : Dtype::bf16;
  if (recipe->weights == Dtype::fp32) q.unquantized = Dtype::fp32;
  q.activations = recipe->activations.value_or(q.unquantized);
  q.lm_head = recipe->lm_head;
  q.attention = recipe->weights != Dtype::fp4 || !has_latent_attention(model);
  if (bits(model.kv) >= 16) model.kv = q.unquantized;
  model.quantization = std::move(q);
  return model;
}

}  // namespace assay::model
