// SPDX-License-Identifier: Apache-2.0
#include "assay/model/model_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "assay/model/layer_file.hpp"
#include "assay/model/model_number.hpp"
#include "assay/text/word_reader.hpp"

namespace assay::model {
namespace {

constexpr std::array kDtypes{Dtype::fp32, Dtype::bf16, Dtype::fp16, Dtype::fp8,
                             Dtype::fp6,  Dtype::fp4,  Dtype::int8, Dtype::int4};

bool sound_date(std::string_view date) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (date.size() != 4 && date.size() != 7 && date.size() != 10) return false;
  for (std::size_t i = 0; i < date.size(); ++i) {
    const bool digit = date[i] >= '0' && date[i] <= '9';
    if (kForm[i] == 'd' ? !digit : date[i] != '-') return false;
  }
  return true;
}

constexpr std::array kConfidences{Confidence::verified, Confidence::partial, Confidence::recalled};

Source read_source(text::TomlTable& table) {
  Source out{
      table.need_text("title"), table.need_text("url"), table.need_text("date"),
      text::read_word(table, "confidence", kConfidences, true).value_or(Confidence::recalled)};
  if (!out.date.empty() && !sound_date(out.date)) {
    table.problem_here(
        fmt::format("date \"{}\" must read YYYY, YYYY-MM or YYYY-MM-DD", text::quoted(out.date)));
  }
  return out;
}

// A table of the file's top; nullptr, with a problem where it is needed, unless it is one.
const text::TomlNode* section(text::TomlTable& top, std::string_view key, bool needed) {
  const text::TomlNode* node = needed ? top.need(key) : top.get(key);
  if (node == nullptr || node->kind == text::TomlNode::Kind::table) return node;
  top.problem(*node, fmt::format("{} must be a table, [{}]", key, key));
  return nullptr;
}

std::optional<Published> read_published(text::TomlTable& top, text::Problems& problems) {
  const text::TomlNode* node = section(top, "published", false);
  if (node == nullptr) return std::nullopt;
  text::TomlTable table(*node, "[published]", problems);
  Published out;
  static_cast<void>(table.need("parameters_b"));
  out.parameters = billions(table, "parameters_b", problems).value_or(0);
  out.active = billions(table, "active_b", problems);
  out.source = read_source(table);
  table.finish();
  return out;
}

void read_quantization(text::TomlTable& top, text::Problems& problems, Quantization& q) {
  const text::TomlNode* node = section(top, "quantization", false);
  if (node == nullptr) return;
  text::TomlTable table(*node, "[quantization]", problems);
  q.method = table.need_text("method");
  q.weights = text::read_word(table, "weights", kDtypes, true).value_or(Dtype::bf16);
  q.activations = text::read_word(table, "activations", kDtypes, true).value_or(Dtype::bf16);
  q.unquantized = text::read_word(table, "unquantized", kDtypes, false).value_or(Dtype::bf16);
  const text::TomlNode* width = table.need("bits_per_weight");
  if (width != nullptr && text::sound_number(*width, "bits_per_weight", problems)) {
    q.bits_per_weight = width->number;
    if (width->number > 32) table.problem(*width, "bits_per_weight is more than 32");
  }
  for (const std::string& part : table.texts("keep")) {
    if (part == "attention") q.attention = false;
    else if (part == "dense_ffn") q.dense_ffn = false;
    else if (part == "shared_experts") q.shared_experts = false;
    else if (part == "experts") q.experts = false;
    else
      table.problem_here(
          fmt::format("keep holds \"{}\": write attention, dense_ffn, shared_experts or experts",
                      text::quoted(part)));
  }
  table.finish();
}

std::vector<Variant> read_variants(text::TomlTable& top, text::Problems& problems) {
  std::vector<Variant> out;
  const text::TomlNode* node = section(top, "variants", false);
  if (node == nullptr) return out;
  text::TomlTable table(*node, "[variants]", problems);
  for (const std::string_view precision : {"bf16", "fp8", "fp4", "int8", "int4"}) {
    for (std::string& alias : table.texts(precision))
      out.push_back({std::move(alias), std::string(precision)});
  }
  table.finish();
  return out;
}

void check_id(text::TomlTable& top, const Entry& entry) {
  std::string_view stem = entry.file;
  stem = stem.substr(stem.rfind('/') + 1);
  stem = stem.substr(0, stem.rfind(".toml"));
  if (!entry.id.empty() && entry.id != stem) {
    top.problem_here(fmt::format("id is \"{}\", but the file is called \"{}\": make them the same",
                                 text::quoted(entry.id), text::quoted(stem)));
  }
}

}  // namespace

std::string_view to_string(Confidence confidence) {
  switch (confidence) {
    case Confidence::verified: return "verified";
    case Confidence::partial: return "partial";
    case Confidence::recalled: return "recalled";
  }
  return "?";
}

Entry read_model_file(const text::TomlNode& tree, std::string_view file, text::Problems& problems) {
  text::TomlTable top(tree, "", problems);
  Entry out;
  out.file = file;
  out.id = top.need_text("id");
  check_id(top, out);
  out.aliases = top.texts("aliases");
  Model& model = out.model;
  model.name = top.need_text("name");
  model.hidden = need_count(top, "hidden", problems);
  model.vocab = need_count(top, "vocab", problems);
  model.tied_embeddings = flag(top, "tied_embeddings");
  model.max_context = count(top, "max_context", problems).value_or(0);
  model.draft_layers = count(top, "draft_layers", problems).value_or(0);
  model.kv = text::read_word(top, "kv", kDtypes, false).value_or(Dtype::bf16);
  static_cast<void>(top.need("layers"));
  for (const text::TomlNode* node : top.tables("layers"))
    model.layers.push_back(read_layers(*node, problems));
  read_quantization(top, problems, model.quantization);
  out.variants = read_variants(top, problems);
  if (const text::TomlNode* node = section(top, "source", true)) {
    text::TomlTable table(*node, "[source]", problems);
    out.source = read_source(table);
    table.finish();
  }
  out.published = read_published(top, problems);
  model.source = fmt::format("{}, {}", out.source.title, out.source.date);
  top.finish();
  return out;
}

}  // namespace assay::model
