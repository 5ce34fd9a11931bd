// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "assay/model/layer_shape.hpp"
#include "assay/text/toml_tree.hpp"

namespace assay::model {
namespace {

using Flags = std::vector<bool>;

// One entry a layer: words, or 0 and 1.
std::optional<Flags> listed(ConfigTable& config, int layers) {
  if (const auto words = config.texts({"mlp_layer_types"})) {
    if (!config.one_a_layer("mlp_layer_types", words->size(), layers)) return std::nullopt;
    Flags out;
    for (const std::string& word : *words) {
      if (word != "sparse" && word != "dense") {
        config.fail(
            fmt::format("mlp_layer_types has a layer of type \"{}\", which is not known here",
                        text::quoted(word)));
        return std::nullopt;
      }
      out.push_back(word == "sparse");
    }
    return out;
  }
  const JsonNode* frequency = config.get("moe_layer_freq");
  if (frequency == nullptr || frequency->kind != JsonNode::Kind::array) return std::nullopt;
  const auto bits = config.wholes({"moe_layer_freq"}, {0, 1});
  if (!bits || !config.one_a_layer("moe_layer_freq", bits->size(), layers)) return std::nullopt;
  Flags out;
  for (const int bit : *bits) out.push_back(bit == 1);
  return out;
}

// Indices of the sparse layers: a list, or a string such as "4,5,6".
std::optional<std::vector<int>> indices(ConfigTable& config, int layers) {
  const Range range{0, layers - 1};
  const JsonNode* node = config.get({"moe_layers", "moe_layers_enum"});
  if (node == nullptr) return std::nullopt;
  if (node->kind == JsonNode::Kind::array) {
    auto list = config.wholes({"moe_layers", "moe_layers_enum"}, range);
    // Llama 4 writes an empty list where interleave_moe_layer_step says it.
    return list && list->empty() ? std::nullopt : list;
  }
  if (node->kind != JsonNode::Kind::string) {
    config.fail(fmt::format("{} is {}, where a list of layers belongs", config.place(node->key),
                            describe(node->kind)));
    return std::nullopt;
  }
  std::vector<int> out;
  const char* at = node->text.data();
  const char* const end = at + node->text.size();
  while (at < end) {
    int value = -1;
    const auto [next, code] = std::from_chars(at, end, value);
    if (code != std::errc() || value < 0 || value >= layers || (next < end && *next != ',')) {
      config.fail(fmt::format("{} is \"{}\", where layers from 0 to {} with commas between belong",
                              config.place(node->key), text::quoted(node->text), layers - 1));
      return std::nullopt;
    }
    out.push_back(value);
    at = next + 1;
  }
  return out;
}

// From the first sparse layer on, one in `period`, counted so that index % period == phase.
struct Rhythm {
  int first = 0;
  int last = 0;
  int period = 1;
  int phase = 0;
};

Rhythm rhythm(ConfigTable& config, int layers) {
  const Range index{0, 1'000'000};
  const Range step{1, 1'000'000};
  Rhythm out{0, layers - 1, 1, 0};
  if (const auto k = config.whole({"first_k_dense_replace", "num_dense_layers", "n_dense_layers",
                                   "moe_layer_num_skipped", "moe_layer_start_index"},
                                  index)) {
    out.first = *k;
  }
  if (const auto last = config.whole({"moe_layer_end_index"}, {-1, 1'000'000});
      last && *last >= 0) {
    out.last = *last;
  }
  if (const auto n = config.whole({"moe_layer_freq"}, step)) out.period = *n;
  // These count from one: the step'th layer is the first sparse one.
  if (const auto n = config.whole(
          {"decoder_sparse_step", "interleave_moe_layer_step", "moe_layer_interval"}, step)) {
    out.period = *n;
    out.phase = *n - 1;
  }
  if (const auto n = config.whole({"expert_layer_period"}, step)) {
    out.period = *n;
    out.phase = config.whole({"expert_layer_offset"}, {0, *n - 1}).value_or(0);
  }
  return out;
}

}  // namespace

std::vector<bool> read_sparse_layers(ConfigTable& config, int layers) {
  if (auto flags = listed(config, layers)) return *flags;
  if (!config.ok()) return {};
  Flags out(static_cast<std::size_t>(layers), false);
  if (const auto named = indices(config, layers)) {
    for (const int i : *named) out[static_cast<std::size_t>(i)] = true;
    return out;
  }
  if (!config.ok()) return {};
  const Rhythm beat = rhythm(config, layers);
  if (!config.ok()) return {};
  for (int i = beat.first; i < layers && i <= beat.last; ++i) {
    out[static_cast<std::size_t>(i)] = i % beat.period == beat.phase;
  }
  const auto dense = config.wholes({"mlp_only_layers"}, {0, 1'000'000});
  for (const int i : dense.value_or(std::vector<int>{})) {
    if (i < layers) out[static_cast<std::size_t>(i)] = false;
  }
  return out;
}

}  // namespace assay::model
