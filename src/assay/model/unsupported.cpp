// SPDX-License-Identifier: Apache-2.0
#include "assay/model/unsupported.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "assay/text/toml_tree.hpp"

namespace assay::model {
namespace {

// Keys that are a structure of their own whenever they are set.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kKeys{{
    {"is_encoder_decoder", "an encoder beside the decoder"},
    {"encoder_layers", "an encoder beside the decoder"},
    {"num_encoder_layers", "an encoder beside the decoder"},
    {"type_vocab_size", "an encoder that generates no text"},
    {"add_cross_attention", "cross-attention"},
    {"cross_attention_layers", "cross-attention layers"},
    {"num_kv_shared_layers", "layers that use the keys and values of others"},
    {"kv_shared_layer_index", "layers that use the keys and values of others"},
    {"cla_share_factor", "layers that use the keys and values of others"},
    {"hidden_size_per_layer_input", "an embedding for each layer"},
    {"use_double_wide_mlp", "feed-forwards of two widths"},
    {"altup_num_inputs", "alternating updates"},
    {"laurel_rank", "low-rank residuals"},
    {"block_configs", "blocks that differ one by one"},
    {"linear_attn_config", "linear attention of another kind"},
    {"moe_latent_size", "experts in a latent space"},
    {"zero_expert_num", "experts that do nothing"},
    {"parallel_attn_mlp_res", "a dense feed-forward beside the experts"},
    {"compress_ratios", "compressed attention"},
    {"num_mem_blocks", "blocks that layers share"},
    {"embedding_size", "an embedding of another width than the layers"},
    {"word_embed_proj_dim", "an embedding of another width than the layers"},
    {"dense_attention_every_n_layers", "block-sparse attention"},
    {"use_mla", "latent attention"},
}};

// Parts of names that only such structures have.
constexpr std::array<std::string_view, 12> kStems{
    "mamba_d_", "mamba_n_", "mamba_num", "mamba_head", "ssm_",    "rwkv",
    "lru_",     "hyena",    "retention", "conv_l_",    "conv_L_", "engram"};

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

// What is set but says nothing new.
bool harmless(const JsonNode& node, const JsonNode& all) {
  if (node.key == "use_mla") return all.member("kv_lora_rank") != nullptr;
  if (node.key == "cla_share_factor") {
    const JsonNode* use = all.member("use_cla");
    return use != nullptr && !set(*use);
  }
  if (node.key != "word_embed_proj_dim" && node.key != "embedding_size") return false;
  const JsonNode* hidden = all.member("hidden_size");
  return hidden != nullptr && hidden->number == node.number;
}

}  // namespace

void refuse_strange_structure(ConfigTable& config) {
  for (const JsonNode& node : config.node().children) {
    const auto row =
        std::ranges::find(kKeys, node.key, &std::pair<std::string_view, std::string_view>::first);
    if (row == kKeys.end() || !set(node) || harmless(node, config.node())) continue;
    config.fail(
        fmt::format("{} says {}, which is not known here", config.place(node.key), row->second));
  }
}

void refuse_unread_structure(ConfigTable& config) {
  for (const JsonNode& node : config.node().children) {
    const bool stem = std::ranges::any_of(
        kStems, [&](std::string_view part) { return node.key.find(part) != std::string::npos; });
    if (!stem || !set(node) || config.asked(node.key)) continue;
    config.fail(fmt::format("{} says a structure that is not known here", config.place(node.key)));
  }
}

}  // namespace assay::model
