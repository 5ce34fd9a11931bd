// SPDX-License-Identifier: Apache-2.0
#include "assay/model/required_keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "assay/model/family.hpp"

namespace assay::model {
namespace {

// One key with the other names that it may have. null: a null says that there is none of it.
struct Key {
  std::string_view name;
  std::vector<std::string_view> others = {};
  bool null = false;
};

// What every config of a class says. type: how the class's name starts, lower case, letters and
// digits alone; a class has the keys of all rows that fit.
struct Class {
  std::string_view type;
  std::vector<Key> keys;
};

const std::vector<Class>& classes() {
  static const std::vector<Class> kClasses{
      {"mistral", {{"num_key_value_heads"}}},
      {"ministral", {{"num_key_value_heads"}, {"head_dim"}}},
      {"mixtral", {{"num_local_experts"}, {"num_key_value_heads"}}},
      {"qwen2", {{"num_key_value_heads"}}},
      {"qwen2moe", {{"moe_intermediate_size"}, {"shared_expert_intermediate_size"}}},
      {"qwen3", {{"num_key_value_heads"}, {"head_dim"}}},
      {"qwen3next", {{"num_experts"}, {"shared_expert_intermediate_size"}}},
      {"qwen35", {{"attn_output_gate"}}},
      {"qwen35moe", {{"shared_expert_intermediate_size"}}},
      {"deepseekv", {{"n_routed_experts"}}},
      {"deepseekv32", {{"index_topk"}, {"index_n_heads"}, {"index_head_dim"}}},
      {"kimik", {{"n_routed_experts"}}},
      {"glm4moe", {{"n_routed_experts"}, {"num_key_value_heads"}}},
      {"glmmoedsa", {{"n_routed_experts"}, {"index_topk"}}},
      {"dots1", {{"n_routed_experts"}, {"num_key_value_heads"}}},
      {"longcat", {{"n_routed_experts"}}},
      {"gptoss",
       {{"num_local_experts"}, {"num_key_value_heads"}, {"head_dim"}, {"sliding_window"}}},
      {"llama4",
       {{"num_local_experts"},
        {"intermediate_size_mlp"},
        {"interleave_moe_layer_step", {"moe_layers"}},
        {"attention_chunk_size", {}, true},
        {"num_key_value_heads"},
        {"head_dim"}}},
      {"minimax", {{"num_local_experts"}, {"num_key_value_heads"}, {"head_dim"}}},
      {"minimaxtext01", {{"attn_type_list", {"layer_types"}}}},
      {"minimaxm1", {{"attn_type_list", {"layer_types"}}}},
      {"mimov2",
       {{"n_routed_experts"},
        {"num_key_value_heads"},
        {"head_dim"},
        {"v_head_dim"},
        {"sliding_window"},
        {"hybrid_layer_pattern"},
        {"swa_num_attention_heads"},
        {"swa_num_key_value_heads"},
        {"swa_head_dim"},
        {"swa_v_head_dim"}}},
      {"gemma4",
       {{"num_key_value_heads"},
        {"head_dim"},
        {"sliding_window"},
        {"global_head_dim"},
        {"num_global_key_value_heads", {}, true},
        {"attention_k_eq_v"},
        {"enable_moe_block"}}},
      {"dbrx", {{"ffn_config"}, {"attn_config"}}},
      {"jamba", {{"num_experts"}}},
      {"grok", {{"num_experts", {"num_local_experts"}}}},
      {"arctic", {{"num_local_experts"}}},
      {"granitemoeshared", {{"shared_intermediate_size"}}},
      {"granitemoehybrid", {{"shared_intermediate_size"}}},
      {"ernie45moe", {{"moe_num_shared_experts", {}, true}, {"moe_layer_start_index"}}},
      {"bailingmoe", {{"num_shared_experts", {}, true}, {"first_k_dense_replace"}}},
      {"afmoe", {{"num_shared_experts", {}, true}, {"num_dense_layers"}}},
      {"hunyuanv1moe", {{"num_shared_expert", {}, true}}},
  };
  return kClasses;
}

// Classes whose attention is latent.
constexpr std::array<std::string_view, 6> kLatent{"deepseekv", "kimik",   "glmmoedsa",
                                                  "minicpm3",  "longcat", "glm4moelite"};

// How many experts there are, in all families' words.
constexpr std::array<std::string_view, 5> kCounts{"num_experts", "num_local_experts",
                                                  "n_routed_experts", "moe_num_experts",
                                                  "num_routed_experts"};

bool set(const JsonNode& node) {
  switch (node.kind) {
    case JsonNode::Kind::null: return false;
    case JsonNode::Kind::boolean:
    case JsonNode::Kind::number: return node.number != 0;
    case JsonNode::Kind::string: return !node.text.empty();
    case JsonNode::Kind::array:
    case JsonNode::Kind::object: return !node.children.empty();
  }
  return false;
}

// Collects what a config lacks.
class Missing {
 public:
  explicit Missing(ConfigTable& config) : config_(config) {
    types_.push_back(plain_class(config.text({"model_type"}).value_or("")));
    const JsonNode* named = config.get("architectures");
    if (named == nullptr) return;
    for (const JsonNode& one : named->children) types_.push_back(plain_class(one.text));
  }

  [[nodiscard]] bool is(std::string_view prefix) const {
    return std::ranges::any_of(types_,
                               [&](const std::string& type) { return type.starts_with(prefix); });
  }
  [[nodiscard]] bool named(std::string_view part) const {
    return std::ranges::any_of(
        types_, [&](const std::string& type) { return type.find(part) != std::string::npos; });
  }
  void need(const Key& key) {
    const auto said = [&](std::string_view name) {
      return config_.get(name) != nullptr || (key.null && has_null(name));
    };
    if (said(key.name) || std::ranges::any_of(key.others, said)) return;
    if (std::ranges::find(names_, key.name) == names_.end()) names_.push_back(key.name);
  }
  [[nodiscard]] bool lacks_any(std::span<const std::string_view> names) const {
    return std::ranges::any_of(
        names, [&](std::string_view name) { return std::ranges::count(names_, name) > 0; });
  }
  void report() const {
    if (names_.empty()) return;
    std::vector<std::string> placed;
    for (const std::string_view name : names_) placed.push_back(config_.place(name));
    const bool one = names_.size() == 1;
    config_.fail(fmt::format(
        "{} {} missing: the model_type or the other keys call for {}, and the model's arithmetic "
        "needs {}",
        fmt::join(placed, ", "), one ? "is" : "are", one ? "it" : "them", one ? "it" : "them"));
  }

 private:
  [[nodiscard]] bool has_null(std::string_view name) const {
    return std::ranges::find(config_.node().children, name, &JsonNode::key) !=
           config_.node().children.end();
  }

  ConfigTable& config_;
  std::vector<std::string> types_;
  std::vector<std::string_view> names_;
};

// A key that only a config with experts sets.
bool speaks_of_experts(const JsonNode& table) {
  return std::ranges::any_of(table.children, [](const JsonNode& node) {
    const std::string_view key = node.key;
    // index_topk is sparse attention's; top_k alone is of sampling.
    const bool topk = key.find("topk") != key.npos && !key.starts_with("index_");
    const bool word = key.find("expert") != key.npos || key.find("moe") != key.npos;
    return (topk || word) && set(node);
  });
}

void need_experts(ConfigTable& config, Missing& missing) {
  const JsonNode* block = config.get("enable_moe_block");
  if (block != nullptr && !set(*block)) return;
  const JsonNode* inner = config.get("ffn_config");
  const bool counted =
      std::ranges::any_of(kCounts, [&](std::string_view name) { return config.get(name); }) ||
      (inner != nullptr && inner->member("moe_num_experts") != nullptr);
  const bool expected = missing.named("moe") || speaks_of_experts(config.node()) ||
                        (inner != nullptr && speaks_of_experts(*inner));
  if (expected && !counted && !missing.lacks_any(kCounts)) missing.need({"num_experts"});
  if (config.get("n_routed_experts") == nullptr && !missing.is("deepseekv")) return;
  // DeepSeek's words, which others took over.
  missing.need({"moe_intermediate_size", {"expert_ffn_hidden_size"}});
  missing.need({"n_shared_experts", {"num_shared_experts"}, true});
  const JsonNode* listed = config.get("moe_layer_freq");
  if (listed == nullptr || listed->kind != JsonNode::Kind::array) {
    missing.need({"first_k_dense_replace", {"mlp_layer_types", "hybrid_override_pattern"}});
  }
}

void need_latent(ConfigTable& config, Missing& missing) {
  const JsonNode* use = config.get("use_mla");
  if (use != nullptr && !set(*use)) return;
  constexpr std::array<std::string_view, 4> kSigns{"kv_lora_rank", "q_lora_rank",
                                                   "qk_nope_head_dim", "qk_rope_head_dim"};
  const auto said = [&](std::string_view name) {
    const JsonNode* node = config.get(name);
    return node != nullptr && set(*node);
  };
  const auto is = [&](std::string_view type) { return missing.is(type); };
  if (!std::ranges::any_of(kSigns, said) && !std::ranges::any_of(kLatent, is)) return;
  missing.need({"kv_lora_rank"});
  missing.need({"q_lora_rank", {}, true});
  missing.need({"qk_nope_head_dim"});
  missing.need({"qk_rope_head_dim"});
  missing.need({"v_head_dim"});
}

}  // namespace

void refuse_missing_keys(ConfigTable& config) {
  Missing missing(config);
  for (const Class& row : classes()) {
    if (!missing.is(row.type)) continue;
    for (const Key& key : row.keys) missing.need(key);
  }
  need_experts(config, missing);
  need_latent(config, missing);
  missing.report();
}

}  // namespace assay::model
