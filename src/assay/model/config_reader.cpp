// SPDX-License-Identifier: Apache-2.0
#include "assay/model/config_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "assay/model/config_table.hpp"
#include "assay/model/family.hpp"
#include "assay/model/feed_forward_reader.hpp"
#include "assay/model/json_tree.hpp"
#include "assay/model/layer_shape.hpp"
#include "assay/model/mixer_reader.hpp"
#include "assay/model/quantization_reader.hpp"
#include "assay/model/required_keys.hpp"
#include "assay/model/unknown_architecture.hpp"
#include "assay/model/unsupported.hpp"
#include "assay/text/toml_tree.hpp"

namespace assay::model {
namespace {

constexpr Range kLayers{1, 4096};
constexpr Range kHidden{1, 1 << 20};
constexpr Range kVocab{1, 1 << 26};
constexpr Range kContext{0, 1 << 30};
constexpr Range kDraft{0, 1024};

// The wrapper's keys under which a multimodal config keeps its language model.
constexpr std::array<std::string_view, 4> kInner{"text_config", "llm_config", "language_config",
                                                 "thinker_config"};

struct Place {
  const JsonNode* table = nullptr;
  const JsonNode* outer = nullptr;
  std::string where;
};

Place language_part(const JsonNode& root) {
  Place out{&root, nullptr, ""};
  // Two deep at most: thinker_config.text_config (Qwen-Omni).
  for (int depth = 0; depth < 2; ++depth) {
    const auto inner = std::ranges::find_if(kInner, [&](std::string_view key) {
      const JsonNode* node = out.table->member(key);
      return node != nullptr && node->kind == JsonNode::Kind::object;
    });
    if (inner == kInner.end()) break;
    out = {out.table->member(*inner), out.table,
           out.where.empty() ? std::string(*inner) : fmt::format("{}.{}", out.where, *inner)};
  }
  return out;
}

Dtype read_dtype(ConfigTable& config, std::vector<std::string>& notes) {
  const auto word = config.text({"torch_dtype", "dtype"});
  if (!word || *word == "auto") {
    notes.emplace_back("The config does not say what weights are stored in: taken as bf16.");
    return Dtype::bf16;
  }
  if (*word == "bfloat16") return Dtype::bf16;
  if (*word == "float16" || *word == "half") return Dtype::fp16;
  if (*word == "float32" || *word == "float") {
    // As engines do where no --dtype is given (vLLM's and SGLang's "auto").
    notes.emplace_back("The config stores weights in float32: taken as served in bf16.");
    return Dtype::bf16;
  }
  config.fail(fmt::format("{} is \"{}\", which is none of bfloat16, float16 and float32",
                          config.place("torch_dtype"), text::quoted(*word)));
  return Dtype::bf16;
}

int read_draft_layers(ConfigTable& config) {
  if (const auto modules = config.whole({"num_mtp_modules"}, kDraft)) {
    return *modules * config.whole({"mtp_transformer_layers"}, kDraft).value_or(1);
  }
  return config
      .whole(
          {"num_nextn_predict_layers", "mtp_num_hidden_layers", "mtp_num_layers", "num_mtp_layers"},
          kDraft)
      .value_or(0);
}

std::vector<LayerGroup> read_groups(ConfigTable& config, const Family& family, int hidden,
                                    const std::vector<LayerShape>& shapes) {
  std::map<LayerShape, int> counts;
  for (const LayerShape& shape : shapes) ++counts[shape];
  const auto any = [&](auto is) {
    return std::ranges::any_of(counts, [&](const auto& row) { return is(row.first); });
  };
  const auto has = [&](FeedForwardKind kind) {
    return any([&](const LayerShape& shape) { return shape.feed_forward == kind; });
  };
  const auto softmax = [](MixerKind kind) { return kind == MixerKind::full; };
  const bool mixed =
      any([&](const LayerShape& shape) { return softmax(shape.mixer); }) &&
      any([](const LayerShape& shape) {
        return shape.mixer == MixerKind::sliding || shape.mixer == MixerKind::chunked;
      });
  const FeedForwards sizes = read_feed_forwards(config, family, hidden, has(FeedForwardKind::dense),
                                                has(FeedForwardKind::sparse));
  std::vector<LayerGroup> out;
  for (const auto& [shape, count] : counts) {
    Layer layer{read_mixer(config, family, shape.mixer, mixed, hidden), {0, sizes.dense.gated}, {}};
    if (shape.feed_forward == FeedForwardKind::dense) layer.dense = sizes.dense;
    if (shape.feed_forward == FeedForwardKind::sparse) {
      layer.dense = sizes.shared;
      layer.experts = sizes.experts;
    }
    out.push_back({std::move(layer), count});
  }
  return out;
}

void note_what_is_left_out(const JsonNode& root, Model& model) {
  for (const std::string_view key :
       {"vision_config", "audio_config", "vision_tower_config", "visual"}) {
    if (root.member(key) != nullptr) {
      model.notes.push_back(fmt::format("The part that {} describes is left out.", key));
    }
  }
  if (model.draft_layers > 0) {
    model.notes.push_back(
        fmt::format("{} draft layers (multi-token prediction) are left out of all totals.",
                    model.draft_layers));
  }
}

void read_storage(ConfigTable& config, const JsonNode* beside,
                  const std::vector<LayerShape>& shapes, std::optional<std::string>& problem,
                  Model& model) {
  const Dtype dtype = read_dtype(config, model.notes);
  model.quantization.weights = model.quantization.activations = model.quantization.unquantized =
      dtype;
  model.quantization.bits_per_weight = bits(dtype);
  model.kv = dtype;
  const JsonNode* node = config.get({"quantization_config", "compression_config"});
  if (node == nullptr && beside != nullptr) node = beside->member("quantization");
  if (node == nullptr) return;
  if (node->kind != JsonNode::Kind::object) {
    return config.fail(
        fmt::format("quantization_config is {}, where an object belongs", describe(node->kind)));
  }
  ConfigTable table(*node, nullptr, "quantization_config", problem);
  QuantizationFacts facts = read_quantization(table, shapes, dtype);
  model.quantization = std::move(facts.quantization);
  model.kv = facts.kv.value_or(dtype);
  std::ranges::move(facts.notes, std::back_inserter(model.notes));
}

Model read(ConfigTable& config, const JsonNode* beside, std::optional<std::string>& problem) {
  Model model;
  refuse_strange_structure(config);
  const Family family = family_of(config.text({"model_type"}).value_or(""));
  model.hidden = config.need_whole({"hidden_size", "n_embd", "n_embed", "d_model"}, kHidden);
  const int layers =
      config.need_whole({"num_hidden_layers", "n_layer", "n_layers", "num_layers"}, kLayers);
  const Names vocab{"vocab_size", "padded_vocab_size"};
  model.vocab = family.vocab && config.get(vocab) == nullptr ? *family.vocab
                                                             : config.need_whole(vocab, kVocab);
  const auto tied = config.flag({"tie_word_embeddings"});
  model.tied_embeddings = tied.value_or(family.tied);
  model.max_context = config
                          .whole({"max_position_embeddings", "n_positions", "max_seq_len",
                                  "seq_length", "max_sequence_length"},
                                 kContext)
                          .value_or(0);
  model.draft_layers = read_draft_layers(config);
  refuse_missing_keys(config);
  if (!config.ok()) return model;
  const bool sparse = read_expert_count(config) > 1;
  const auto shapes =
      config.ok() ? read_layer_shapes(config, family, layers, sparse) : std::vector<LayerShape>{};
  if (!config.ok()) return model;
  model.layers = read_groups(config, family, model.hidden, shapes);
  if (!config.ok()) return model;
  if (!tied && !family.known) {
    config.fail(
        fmt::format("{} is missing, and the model_type, which would tell, is not known here",
                    config.place("tie_word_embeddings")));
  }
  read_storage(config, beside, shapes, problem, model);
  refuse_unread_structure(config);
  hold_unknown_architecture(config, family, model.notes);
  return model;
}

Error refused(std::string_view name, std::string_view why) {
  return {ErrorCode::invalid_argument, fmt::format("{}: {}", text::quoted(name), why)};
}

}  // namespace

Result<Model> read_config(std::string_view name, std::string_view config,
                          std::string_view quantization) {
  TRY_ASSIGN(const JsonNode root, parse_json(name, config));
  if (root.kind != JsonNode::Kind::object) {
    return refused(name, fmt::format("the file holds {}, where a config's object belongs",
                                     describe(root.kind)));
  }
  JsonNode beside;
  if (!quantization.empty()) {
    TRY_ASSIGN(beside, parse_json(name, quantization));
  }
  const Place place = language_part(root);
  std::optional<std::string> problem;
  ConfigTable table(*place.table, place.outer, place.where, problem);
  Model model = read(table, &beside, problem);
  if (problem) return refused(name, with_unknown_architecture(table, *problem));
  model.name = name;
  model.source = fmt::format("{} (Hugging Face config.json)", text::quoted(name));
  note_what_is_left_out(root, model);
  return model;
}

}  // namespace assay::model
