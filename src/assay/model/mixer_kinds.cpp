// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "assay/model/layer_shape.hpp"
#include "assay/text/toml_tree.hpp"

namespace assay::model {
namespace {

using Kinds = std::vector<MixerKind>;

constexpr std::array<std::pair<std::string_view, MixerKind>, 13> kWords{{
    {"full_attention", MixerKind::full},
    {"attention", MixerKind::full},
    {"global", MixerKind::full},
    {"global_attention", MixerKind::full},
    {"sliding_attention", MixerKind::sliding},
    {"sliding_window_attention", MixerKind::sliding},
    {"local", MixerKind::sliding},
    {"local_attention", MixerKind::sliding},
    {"chunked_attention", MixerKind::chunked},
    {"linear_attention", MixerKind::delta},
    {"mamba", MixerKind::mamba},
    {"mamba2", MixerKind::mamba},
    {"nope_attention", MixerKind::full},
}};

// layer_types: one word a layer.
std::optional<Kinds> from_words(ConfigTable& config, int layers) {
  const auto words = config.texts({"layer_types", "layers_block_type", "attention_layers"});
  if (!words) return std::nullopt;
  Kinds out;
  for (const std::string& word : *words) {
    const auto row =
        std::ranges::find(kWords, word, &std::pair<std::string_view, MixerKind>::first);
    if (row == kWords.end()) {
      config.fail(fmt::format("layer_types has a layer of type \"{}\", which is not known here",
                              text::quoted(word)));
      return std::nullopt;
    }
    out.push_back(row->second);
  }
  if (!config.one_a_layer("layer_types", out.size(), layers)) return std::nullopt;
  return out;
}

// A list of 0 and 1 a layer.
std::optional<Kinds> from_bits(ConfigTable& config, std::string_view key, MixerKind zero,
                               MixerKind one, int layers) {
  const auto bits = config.wholes({key}, {0, 1});
  if (!bits || !config.one_a_layer(key, bits->size(), layers)) return std::nullopt;
  Kinds out;
  for (const int bit : *bits) out.push_back(bit == 1 ? one : zero);
  return out;
}

// The layers that attn_layer_indices names have attention, the others Mamba (Bamba).
std::optional<Kinds> from_indices(ConfigTable& config, int layers) {
  const auto indices = config.wholes({"attn_layer_indices"}, {0, layers - 1});
  if (!indices) return std::nullopt;
  Kinds out(static_cast<std::size_t>(layers), MixerKind::mamba);
  for (const int index : *indices) out[static_cast<std::size_t>(index)] = MixerKind::full;
  return out;
}

// Every nth layer is full, the others are `other`.
Kinds every(int n, MixerKind other, int layers) {
  Kinds out;
  for (int i = 0; i < layers; ++i) out.push_back((i + 1) % n == 0 ? MixerKind::full : other);
  return out;
}

// sliding_window_pattern: a period, or a word such as "LLLG" that repeats.
std::optional<Kinds> from_pattern(ConfigTable& config, int layers) {
  const Names names{"sliding_window_pattern", "_sliding_window_pattern"};
  const JsonNode* node = config.get(names);
  if (node == nullptr) return std::nullopt;
  if (node->kind != JsonNode::Kind::string) {
    const auto period = config.whole(names, {1, 1000});
    return period ? std::optional(every(*period, MixerKind::sliding, layers)) : std::nullopt;
  }
  const std::string& word = node->text;
  if (word.empty() || word.find_first_not_of("LG") != std::string::npos) {
    config.fail(fmt::format("{} is \"{}\", where a number or a word of L and G belongs",
                            config.place(node->key), text::quoted(word)));
    return std::nullopt;
  }
  Kinds out;
  for (std::size_t i = 0; i < static_cast<std::size_t>(layers); ++i) {
    out.push_back(word[i % word.size()] == 'L' ? MixerKind::sliding : MixerKind::full);
  }
  return out;
}

// Llama 4: layers with rotary embeddings see a chunk, the others everything.
Kinds chunked(ConfigTable& config, const Family& family, int layers) {
  const auto rope = config.wholes({"no_rope_layers"}, {0, 1});
  if (rope && !rope->empty()) {
    return from_bits(config, "no_rope_layers", MixerKind::full, MixerKind::chunked, layers)
        .value_or(Kinds{});
  }
  const auto period = config.whole({"no_rope_layer_interval"}, {1, 1000});
  if (!period && !family.full_every) {
    config.fail(
        "attention_chunk_size is there, but no_rope_layers is missing: which layers attend "
        "in chunks?");
    return {};
  }
  return every(period.value_or(family.full_every.value_or(1)), MixerKind::chunked, layers);
}

// A window, and nothing more about where.
Kinds windowed(ConfigTable& config, const Family& family, int layers) {
  const auto first = config.whole({"max_window_layers"}, {0, 1'000'000});
  const auto use = config.flag({"use_sliding_window"});
  // Qwen's configs carry a window that is switched off unless they say so.
  const bool on = use.value_or(!first.has_value());
  if (!on) return Kinds(static_cast<std::size_t>(layers), MixerKind::full);
  if (first) {
    Kinds out;
    for (int i = 0; i < layers; ++i)
      out.push_back(i < *first ? MixerKind::full : MixerKind::sliding);
    return out;
  }
  if (auto pattern = from_pattern(config, layers)) return *pattern;
  if (family.full_every) return every(*family.full_every, MixerKind::sliding, layers);
  if (!family.all_windowed) {
    config.fail(
        "there is a window, but layer_types is missing (also known as sliding_window_pattern, "
        "max_window_layers): which layers have it?");
  }
  return Kinds(static_cast<std::size_t>(layers), MixerKind::sliding);
}

// Mamba keys with no word on which layers they are for.
bool refuse_mamba(ConfigTable& config) {
  if (config.get({"time_step_rank", "mamba_dt_rank"}) != nullptr) {
    config.fail(fmt::format("{} says a Mamba-1 layer, which is not known here (Mamba-2 is)",
                            config.place(config.get({"time_step_rank", "mamba_dt_rank"})->key)));
  } else if (config.get({"mamba_d_state", "ssm_state_size", "mamba_num_heads", "mamba_n_heads"})) {
    config.fail(
        "there are Mamba keys, but layer_types is missing (also known as "
        "hybrid_override_pattern, attn_layer_indices): which layers are Mamba?");
  }
  return !config.ok();
}

}  // namespace

std::vector<MixerKind> read_mixer_kinds(ConfigTable& config, const Family& family, int layers) {
  if (auto kinds = from_words(config, layers)) return *kinds;
  if (auto kinds =
          from_bits(config, "hybrid_layer_pattern", MixerKind::full, MixerKind::sliding, layers))
    return *kinds;
  if (auto kinds =
          from_bits(config, "attn_type_list", MixerKind::lightning, MixerKind::full, layers))
    return *kinds;
  if (auto kinds = from_indices(config, layers)) return *kinds;
  if (!config.ok()) return {};
  if (config.text({"model_type"}) == "mamba2")
    return Kinds(static_cast<std::size_t>(layers), MixerKind::mamba);
  if (refuse_mamba(config)) return {};
  if (config.get({"linear_num_value_heads", "linear_num_key_heads"}) != nullptr) {
    const int period = config.need_whole({"full_attention_interval"}, {1, 1000});
    return every(period, MixerKind::delta, layers);
  }
  if (config.get("attention_chunk_size") != nullptr) return chunked(config, family, layers);
  // A window of 0 is how some configs write that there is none.
  const JsonNode* window = config.get({"sliding_window", "window_size"});
  const bool none =
      window == nullptr || (window->kind == JsonNode::Kind::number && window->number == 0);
  if (!none) return windowed(config, family, layers);
  return Kinds(static_cast<std::size_t>(layers), MixerKind::full);
}

}  // namespace assay::model
