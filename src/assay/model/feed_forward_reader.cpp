// SPDX-License-Identifier: Apache-2.0
#include "assay/model/feed_forward_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "assay/text/toml_tree.hpp"

namespace assay::model {
namespace {

constexpr Range kWidth{1, 1 << 22};
constexpr Range kMaybeWidth{0, 1 << 22};
constexpr Range kExperts{0, 1 << 16};
constexpr Range kShared{0, 1 << 10};

// Two matrices or three.
bool read_gated(ConfigTable& config, const Family& family) {
  constexpr std::array<std::string_view, 5> kPlain{"relu", "relu2", "relu_squared", "xielu",
                                                   "squared_relu"};
  constexpr std::array<std::string_view, 5> kGated{"silu", "swish", "swiglu", "geglu", "swigluoai"};
  if (family.gated) return *family.gated;
  const auto act =
      config.text({"hidden_act", "hidden_activation", "mlp_hidden_act", "activation_function"});
  if (act && std::ranges::find(kPlain, *act) != kPlain.end()) return false;
  if (act && std::ranges::find(kGated, *act) != kGated.end()) return true;
  config.fail(
      act ? fmt::format("hidden_act \"{}\" does not tell whether feed-forwards have two matrices "
                        "or three, and the model_type is not known here",
                        text::quoted(*act))
          : std::string("hidden_act is missing: whether feed-forwards have two matrices or three "
                        "is unknown, and so is the model_type"));
  return true;
}

// A whole number, or a list that says the same number for every layer.
std::optional<int> same_for_all(ConfigTable& config, Names names, Range range) {
  const JsonNode* node = config.get(names);
  if (node == nullptr || node->kind != JsonNode::Kind::array) return config.whole(names, range);
  const auto list = config.wholes(names, range);
  if (!list || list->empty()) return std::nullopt;
  if (std::ranges::adjacent_find(*list, std::ranges::not_equal_to{}) != list->end()) {
    config.fail(fmt::format("{} differs from layer to layer, which is not known here",
                            config.place(node->key)));
  }
  return list->front();
}

int dense_width(ConfigTable& config, const Family& family, int hidden) {
  const Names names{"intermediate_size_mlp",
                    "intermediate_size",
                    "ffn_hidden_size",
                    "n_inner",
                    "ffn_dim",
                    "d_ff"};
  if (const auto width = config.whole(names, kWidth))
    return *width / (family.half_intermediate ? 2 : 1);
  if (const auto ratio = config.whole({"expansion_ratio"}, {1, 64})) return *ratio * hidden;
  if (auto inner = config.table("ffn_config")) {
    if (const auto width = inner->whole({"ffn_hidden_size"}, kWidth)) return *width;
  }
  // Granite 4's dense members call it so.
  if (const auto width = config.whole({"shared_intermediate_size"}, kWidth)) return *width;
  if (family.fourfold) return 4 * hidden;
  return config.need_whole(names, kWidth);
}

int expert_width(ConfigTable& config, const Family& family) {
  const Names own{"moe_intermediate_size", "expert_ffn_hidden_size"};
  if (const auto width = same_for_all(config, own, kWidth)) return *width;
  if (auto inner = config.table("ffn_config")) {
    if (const auto width = inner->whole({"ffn_hidden_size"}, kWidth)) return *width;
  }
  return family.wide_experts ? config.need_whole({"intermediate_size"}, kWidth)
                             : config.need_whole(own, kWidth);
}

// Columns of all shared experts together; 0 where there are none.
int shared_width(ConfigTable& config, int expert) {
  if (const auto total = config.whole(
          {"shared_expert_intermediate_size", "shared_intermediate_size"}, kMaybeWidth)) {
    return *total;
  }
  const auto count = same_for_all(
      config,
      {"n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts"},
      kShared);
  const auto each = config.whole({"moe_shared_expert_intermediate_size"}, kMaybeWidth);
  if (count)
    return static_cast<int>(
        std::min(*count * std::int64_t{each.value_or(expert)}, std::int64_t{1} << 30));
  if (each) return *each;
  // Llama 4 has one shared expert, as wide as a routed one, and no key that says so but this.
  if (config.get("intermediate_size_mlp") != nullptr) return expert;
  // Gemma 4 has its dense feed-forward beside the experts.
  if (config.flag({"enable_moe_block"}).value_or(false)) {
    return config.need_whole({"intermediate_size"}, kWidth);
  }
  return 0;
}

int read_per_token(ConfigTable& config, int count) {
  const Names names{"num_experts_per_tok",
                    "num_experts_per_token",
                    "experts_per_token",
                    "top_k_experts",
                    "moe_topk",
                    "moe_top_k",
                    "moe_k",
                    "num_selected_experts"};
  if (auto inner = config.table("ffn_config")) {
    if (inner->get("moe_top_k") != nullptr) return inner->need_whole({"moe_top_k"}, {1, count});
  }
  if (config.get(names) == nullptr) return config.need_whole(names, {1, count});
  return same_for_all(config, names, {1, count}).value_or(1);
}

}  // namespace

int read_expert_count(ConfigTable& config) {
  if (config.get("enable_moe_block") != nullptr &&
      !config.flag({"enable_moe_block"}).value_or(true)) {
    return 0;
  }
  const auto count = same_for_all(config,
                                  {"num_local_experts", "num_experts", "n_routed_experts",
                                   "moe_num_experts", "num_routed_experts"},
                                  kExperts);
  if (count) return *count;
  if (auto inner = config.table("ffn_config")) {
    return inner->whole({"moe_num_experts"}, kExperts).value_or(0);
  }
  return 0;
}

FeedForwards read_feed_forwards(ConfigTable& config, const Family& family, int hidden,
                                bool dense_layers, bool sparse_layers) {
  FeedForwards out;
  if (!dense_layers && !sparse_layers) return out;
  const bool gated = read_gated(config, family);
  if (dense_layers) out.dense = {dense_width(config, family, hidden), gated};
  if (!sparse_layers) return out;
  Experts experts;
  experts.count = read_expert_count(config);
  if (!config.ok()) return out;
  if (experts.count < 1) {
    config.fail("layers have experts, but num_experts is missing or 0");
    return out;
  }
  experts.per_token = read_per_token(config, experts.count);
  experts.each = {expert_width(config, family), gated};
  out.shared = {shared_width(config, experts.each.intermediate), gated};
  out.experts = experts;
  return out;
}

}  // namespace assay::model
