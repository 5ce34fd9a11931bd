// SPDX-License-Identifier: Apache-2.0
#include "assay/model/unknown_architecture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "assay/text/toml_tree.hpp"

namespace assay::model {
namespace {

// Parts of the names of numbers that a structure is made of.
constexpr std::array<std::string_view, 20> kStructure{
    "_dim",   "dim_",   "rank",   "heads",  "_layers", "layers_",    "expert",
    "kernel", "window", "latent", "conv",   "ssm",     "state_size", "compress",
    "stride", "_block", "block_", "groups", "hidden",  "width"};
// And of those that have such a part and mean nothing to arithmetic.
constexpr std::array<std::string_view, 10> kHarmless{
    "rope",    "max_",  "original_", "num_beam",      "initializer",
    "dropout", "pdrop", "eps",       "output_hidden", "aux_loss"};

bool has_any(std::string_view key, std::span<const std::string_view> parts) {
  return std::ranges::any_of(
      parts, [&](std::string_view part) { return key.find(part) != std::string_view::npos; });
}

bool is_number_of_structure(const JsonNode& node) {
  if (has_any(node.key, kHarmless) || !has_any(node.key, kStructure)) return false;
  if (node.kind == JsonNode::Kind::number) return node.number != 0;
  return node.kind == JsonNode::Kind::array && !node.children.empty();
}

std::vector<std::string> unread(const ConfigTable& config) {
  std::vector<std::string> names;
  for (const JsonNode& node : config.node().children)
    if (is_number_of_structure(node) && !config.asked(node.key))
      names.push_back(config.place(node.key));
  return names;
}

// The first of `architectures`.
std::optional<std::string> architecture(ConfigTable& config) {
  const JsonNode* named = config.get("architectures");
  if (named == nullptr || named->kind != JsonNode::Kind::array || named->children.empty())
    return std::nullopt;
  return named->children.front().text;
}

// What of a config is not known; empty: nothing.
std::string unknown_in(ConfigTable& config, const Family& family) {
  const std::optional<std::string> named = architecture(config);
  if (named && !is_known_architecture(*named))
    return fmt::format("architectures says \"{}\"", text::quoted(*named));
  if (family.known) return "";
  return fmt::format("model_type is \"{}\"",
                     text::quoted(config.text({"model_type"}).value_or("")));
}

}  // namespace

std::string with_unknown_architecture(ConfigTable& config, std::string problem) {
  const Family family = family_of(config.text({"model_type"}).value_or(""));
  const std::string what = unknown_in(config, family);
  const bool says = problem.find("not known here") != std::string::npos;
  const bool named = config.get("architectures") != nullptr || config.text({"model_type"});
  if (what.empty() || says || !named) return problem;
  return fmt::format("{}; {}, which is not known here", problem, what);
}

void hold_unknown_architecture(ConfigTable& config, const Family& family,
                               std::vector<std::string>& notes) {
  if (!config.ok()) return;
  const std::string what = unknown_in(config, family);
  if (what.empty()) return;
  if (config.get({"num_key_value_heads", "multi_query_group_num", "num_kv_heads"}) == nullptr)
    return config.fail(fmt::format("{} is missing, and {}, which is not known here",
                                   config.place("num_key_value_heads"), what));
  const std::vector<std::string> names = unread(config);
  if (!names.empty())
    return config.fail(
        fmt::format("{}, which is not known here, and {} {} of a structure that is "
                    "not read",
                    what, fmt::join(names, ", "), names.size() == 1 ? "speaks" : "speak"));
  notes.push_back(
      fmt::format("{}, which is not known here: the structure is what the config's keys say, and "
                  "whatever else its code computes is not counted.",
                  what));
}

}  // namespace assay::model
