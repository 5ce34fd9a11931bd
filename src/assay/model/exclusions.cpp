// SPDX-License-Identifier: Apache-2.0
#include "assay/model/exclusions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace assay::model {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

template <std::size_t N>
bool has_any(std::string_view text, const std::array<std::string_view, N>& parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return has(text, part); });
}

// Which matrices of a part a pattern names: bits, all where it names none in particular.
using Matrices = unsigned;
constexpr Matrices kIn = 1;     // queries, keys, values; gate and up
constexpr Matrices kOut = 2;    // the way back to the residual
constexpr Matrices kOther = 4;  // a part of the above, such as keys alone
constexpr Matrices kAll = kIn | kOut;

Matrices attention_matrices(std::string_view name) {
  constexpr std::array<std::string_view, 6> kWhole{"qkv",    "q_proj",       "q_b_proj",
                                                   "c_attn", "in_proj_qkvz", "in_proj_qkv"};
  constexpr std::array<std::string_view, 6> kPart{"k_proj", "v_proj",   "kv_a",
                                                  "kv_b",   "q_a_proj", "in_proj_z"};
  Matrices found = 0;
  if (has_any(name, kWhole)) found |= kIn;
  if (has(name, "o_proj") || has(name, "out_proj")) found |= kOut;
  if (has_any(name, kPart)) found |= kOther;
  return found == 0 ? kAll : found;
}

Matrices feed_forward_matrices(std::string_view name) {
  Matrices found = 0;
  if (has(name, "up") || has(name, "gate_proj") || has(name, "w1") || has(name, "fc1"))
    found |= kIn;
  if (has(name, "down") || has(name, "w2") || has(name, "fc2")) found |= kOut;
  return found == 0 ? kAll : found;
}

struct Hit {
  std::optional<Part> part;  // nothing: a module that is not counted
  Matrices matrices = kAll;
  bool whole_block = false;  // a whole layer, or its whole feed-forward
  std::optional<int> layer;  // nothing: all layers
};

// N of "layers.N."; nothing where there is a pattern instead of a number.
std::optional<int> layer_of(std::string_view name) {
  for (const std::string_view word : {"layers.", "layers\\.", "h.", "blocks."}) {
    const std::size_t at = name.find(word);
    if (at == std::string_view::npos) continue;
    int value = 0;
    const char* from = name.data() + at + word.size();
    const auto [end, code] = std::from_chars(from, name.data() + name.size(), value);
    if (code == std::errc() && end != from) return value;
  }
  return std::nullopt;
}

Hit classify(std::string_view name) {
  constexpr std::array<std::string_view, 12> kNotCounted{
      "norm",        "embed",        "wte", "router", "vision",  "visual",
      "multi_modal", "mm_projector", "mtp", "nextn",  "e_score", "indexer"};
  constexpr std::array<std::string_view, 5> kSmall{"conv1d", "in_proj_a", "in_proj_b", "sinks",
                                                   "shared_expert_gate"};
  constexpr std::array<std::string_view, 4> kMixer{"attn", "attention", "mixer.in_proj", "mamba"};
  constexpr std::array<std::string_view, 4> kFeedForward{"mlp", "feed_forward", "ffn", "moe"};
  Hit out;
  out.layer = layer_of(name);
  if (has_any(name, kNotCounted) || has_any(name, kSmall)) return out;
  if (has(name, "lm_head") || has(name, "output_layer")) {
    out.part = Part::lm_head;
  } else if (has(name, "shared_expert")) {
    out.part = Part::shared_experts;
    out.matrices = feed_forward_matrices(name);
  } else if (has(name, "expert")) {
    out.part = Part::experts;
    out.matrices = feed_forward_matrices(name);
  } else if (has_any(name, kMixer)) {
    out.part = Part::attention;
    out.matrices = attention_matrices(name);
  } else if (name == "gate" || name.ends_with(".gate") || name.ends_with("gate$")) {
    return out;  // a router
  } else if (has_any(name, kFeedForward)) {
    out.part = Part::dense_ffn;
    out.matrices = feed_forward_matrices(name);
    out.whole_block = out.matrices == kAll && !has(name, "proj");
  } else if (out.layer && (name.ends_with('*') || name.ends_with(std::to_string(*out.layer)))) {
    out.part = Part::attention;
    out.whole_block = true;
  }
  return out;
}

// Of each layer, the matrices that some pattern leaves out.
struct Marks {
  std::vector<Matrices> attention, dense, shared, experts;
};

void mark(const Hit& hit, std::size_t layer, FeedForwardKind kind, Marks& marks) {
  if (hit.part == Part::attention) marks.attention[layer] |= hit.matrices;
  if (hit.part == Part::shared_experts) marks.shared[layer] |= hit.matrices;
  if (hit.part == Part::experts) marks.experts[layer] |= hit.matrices;
  const bool block = hit.whole_block || hit.part == Part::dense_ffn;
  if (!block) return;
  // "mlp.down_proj" of a layer with experts is Gemma's feed-forward beside them.
  if (kind == FeedForwardKind::dense) marks.dense[layer] |= hit.matrices;
  if (kind == FeedForwardKind::sparse && hit.whole_block) marks.experts[layer] |= hit.matrices;
  if (kind == FeedForwardKind::sparse && hit.whole_block) marks.shared[layer] |= hit.matrices;
}

// Whether most of the layers that have this part keep it out.
bool left_out(std::string_view what, const std::vector<Matrices>& marks,
              std::span<const LayerShape> layers, std::optional<FeedForwardKind> kind,
              std::vector<std::string>& notes) {
  int have = 0;
  int whole = 0;
  int some = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (kind && layers[i].feed_forward != *kind) continue;
    ++have;
    whole += (marks[i] & kAll) == kAll ? 1 : 0;
    some += marks[i] != 0 && (marks[i] & kAll) != kAll ? 1 : 0;
  }
  const bool out = have > 0 && 2 * whole > have;
  if (some > 0 || (whole != 0 && whole != have)) {
    notes.push_back(fmt::format(
        "{} of {} layers keep their {} unquantized and {} a part of it; all are counted as {}.",
        whole, have, what, some, out ? "unquantized" : "quantized"));
  }
  return out;
}

}  // namespace

void apply_exclusions(std::span<const std::string> excluded, std::span<const LayerShape> layers,
                      Quantization& quantization, std::vector<std::string>& notes) {
  const std::vector<Matrices> none(layers.size(), 0);
  Marks marks{none, none, none, none};
  for (const std::string& name : excluded) {
    const Hit hit = classify(name);
    if (hit.part == Part::lm_head) quantization.lm_head = false;
    if (!hit.part) continue;
    if (hit.layer) {
      const auto i = static_cast<std::size_t>(*hit.layer);
      if (*hit.layer >= 0 && i < layers.size()) mark(hit, i, layers[i].feed_forward, marks);
      continue;
    }
    for (std::size_t i = 0; i < layers.size(); ++i) mark(hit, i, layers[i].feed_forward, marks);
  }
  const auto keep = [&](std::string_view what, const std::vector<Matrices>& of,
                        std::optional<FeedForwardKind> kind) {
    return !left_out(what, of, layers, kind, notes);
  };
  quantization.attention = keep("attention", marks.attention, std::nullopt);
  quantization.dense_ffn = keep("dense feed-forward", marks.dense, FeedForwardKind::dense);
  quantization.shared_experts = keep("shared experts", marks.shared, FeedForwardKind::sparse);
  quantization.experts = keep("experts", marks.experts, FeedForwardKind::sparse);
}

}  // namespace assay::model
