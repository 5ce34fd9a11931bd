// SPDX-License-Identifier: Apache-2.0
#include "assay/model/layer_file.hpp"

#include <fmt/format.h>

#include "assay/model/model_number.hpp"

namespace assay::model {
namespace {

GroupedAttention read_grouped(text::TomlTable& table, text::Problems& problems) {
  GroupedAttention out;
  out.heads = need_count(table, "heads", problems);
  out.kv_heads = need_count(table, "kv_heads", problems);
  out.key_dim = need_count(table, "head_dim", problems);
  out.value_dim = count(table, "value_dim", problems).value_or(out.key_dim);
  out.window = count(table, "window", problems);
  out.output_gate = flag(table, "output_gate");
  out.shared_kv = flag(table, "shared_kv");
  if (out.heads % out.kv_heads != 0) table.problem_here("heads is no multiple of kv_heads");
  return out;
}

LatentAttention read_latent(text::TomlTable& table, text::Problems& problems) {
  LatentAttention out;
  out.heads = need_count(table, "heads", problems);
  out.query_rank = count(table, "query_rank", problems).value_or(0);
  out.kv_rank = need_count(table, "kv_rank", problems);
  out.nope_dim = need_count(table, "nope_dim", problems);
  out.rope_dim = need_count(table, "rope_dim", problems);
  out.value_dim = need_count(table, "value_dim", problems);
  out.index_heads = count(table, "index_heads", problems).value_or(0);
  if (out.index_heads == 0) return out;
  out.index_dim = need_count(table, "index_dim", problems);
  out.index_topk = need_count(table, "index_topk", problems);
  return out;
}

LinearAttention read_linear(text::TomlTable& table, text::Problems& problems) {
  LinearAttention out;
  out.key_heads = need_count(table, "key_heads", problems);
  out.value_heads = need_count(table, "value_heads", problems);
  out.key_dim = need_count(table, "key_dim", problems);
  out.value_dim = need_count(table, "value_dim", problems);
  out.conv_kernel = count(table, "conv_kernel", problems).value_or(0);
  return out;
}

Mixer read_attention(text::TomlTable& row, text::Problems& problems) {
  const text::TomlNode* node = row.need("attention");
  if (node == nullptr) return {};
  if (node->kind != text::TomlNode::Kind::table) {
    row.problem(*node, "attention must be a table: {kind = \"grouped\", heads = 32, ...}");
    return {};
  }
  text::TomlTable table(*node, "attention", problems);
  const std::string kind = table.need_text("kind");
  Mixer out;
  if (kind == "grouped") {
    out = read_grouped(table, problems);
  } else if (kind == "latent") {
    out = read_latent(table, problems);
  } else if (kind == "linear") {
    out = read_linear(table, problems);
  } else {
    table.problem(*node, "kind must be grouped, latent or linear");
    return {};
  }
  table.finish();
  return out;
}

std::optional<FeedForward> read_feed_forward(text::TomlTable& row, std::string_view key,
                                             text::Problems& problems) {
  const text::TomlNode* node = row.get(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != text::TomlNode::Kind::table) {
    row.problem(*node, fmt::format("{} must be a table: {{intermediate = 14336}}", key));
    return std::nullopt;
  }
  text::TomlTable table(*node, key, problems);
  FeedForward out{need_count(table, "intermediate", problems), true};
  if (table.get("gated") != nullptr) out.gated = flag(table, "gated");
  table.finish();
  return out;
}

std::optional<Experts> read_experts(text::TomlTable& row, text::Problems& problems) {
  const text::TomlNode* node = row.get("experts");
  if (node == nullptr) return std::nullopt;
  if (node->kind != text::TomlNode::Kind::table) {
    row.problem(*node, "experts must be a table: {count = 128, per_token = 8, intermediate = 768}");
    return std::nullopt;
  }
  text::TomlTable table(*node, "experts", problems);
  Experts out;
  out.count = need_count(table, "count", problems);
  out.per_token = need_count(table, "per_token", problems);
  out.each.intermediate = need_count(table, "intermediate", problems);
  if (table.get("gated") != nullptr) out.each.gated = flag(table, "gated");
  if (out.per_token > out.count) table.problem_here("per_token is more than count");
  table.finish();
  return out;
}

}  // namespace

LayerGroup read_layers(const text::TomlNode& node, text::Problems& problems) {
  text::TomlTable row(node, "[[layers]]", problems);
  LayerGroup out;
  out.count = need_count(row, "count", problems);
  if (out.count > 4096) row.problem_here("count is more than 4096 layers");
  out.layer.mixer = read_attention(row, problems);
  const auto dense = read_feed_forward(row, "feed_forward", problems);
  const auto shared = read_feed_forward(row, "shared_experts", problems);
  out.layer.experts = read_experts(row, problems);
  if (dense && shared)
    row.problem_here("give feed_forward, or shared_experts beside experts, not both");
  if (shared && !out.layer.experts) row.problem_here("shared_experts without experts");
  out.layer.dense = dense.value_or(shared.value_or(FeedForward{}));
  row.finish();
  return out;
}

}  // namespace assay::model
