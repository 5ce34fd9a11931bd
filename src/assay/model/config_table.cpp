// SPDX-License-Identifier: Apache-2.0
#include "assay/model/config_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "assay/text/toml_tree.hpp"

namespace assay::model {

std::string ConfigTable::place(std::string_view key) const {
  return where_.empty() ? text::quoted(key) : fmt::format("{}.{}", where_, text::quoted(key));
}

void ConfigTable::fail(std::string what) {
  if (!problem_) problem_ = std::move(what);
}

bool ConfigTable::one_a_layer(std::string_view key, std::size_t entries, int layers) {
  if (entries == static_cast<std::size_t>(layers)) return true;
  fail(fmt::format("{} has {} entries for {} layers", place(key), entries, layers));
  return false;
}

const JsonNode* ConfigTable::get(Names names) {
  asked_.insert(names.begin(), names.end());
  for (const JsonNode* from : {&table_, outer_}) {
    if (from == nullptr) continue;
    for (const std::string_view name : names) {
      if (const JsonNode* found = from->member(name)) return found;
    }
  }
  return nullptr;
}

void ConfigTable::wrong_kind(const JsonNode& node, std::string_view wanted) {
  const std::string said = node.kind == JsonNode::Kind::string
                               ? fmt::format("\"{}\"", text::quoted(node.text))
                               : std::string(describe(node.kind));
  fail(fmt::format("{} is {}, where {} belongs", place(node.key), said, wanted));
}

std::optional<int> ConfigTable::checked(const JsonNode& node, std::string_view key, Range range) {
  if (node.kind != JsonNode::Kind::number) {
    wrong_kind(node, "a whole number");
    return std::nullopt;
  }
  const bool within = node.number >= range.least && node.number <= range.most;
  const int value = within ? static_cast<int>(node.number) : 0;
  if (!within || value != node.number) {
    fail(fmt::format("{} is {}, where a whole number from {} to {} belongs", place(key),
                     node.number, range.least, range.most));
    return std::nullopt;
  }
  return value;
}

std::optional<int> ConfigTable::whole(Names names, Range range) {
  const JsonNode* node = get(names);
  if (node == nullptr) return std::nullopt;
  return checked(*node, node->key, range);
}

int ConfigTable::need_whole(Names names, Range range) {
  const JsonNode* node = get(names);
  if (node == nullptr) {
    fail(fmt::format(
        "{} is missing{}: the model's arithmetic needs it", place(*names.begin()),
        names.size() == 1
            ? std::string()
            : fmt::format(" (also known as {})", fmt::join(names.begin() + 1, names.end(), ", "))));
    return range.least;
  }
  return checked(*node, node->key, range).value_or(range.least);
}

std::optional<std::vector<int>> ConfigTable::wholes(Names names, Range range) {
  const JsonNode* node = get(names);
  if (node == nullptr) return std::nullopt;
  if (node->kind != JsonNode::Kind::array) {
    wrong_kind(*node, "a list of whole numbers");
    return std::nullopt;
  }
  std::vector<int> out;
  out.reserve(node->children.size());
  for (const JsonNode& item : node->children) {
    if (item.kind == JsonNode::Kind::boolean) {
      out.push_back(item.number != 0 ? 1 : 0);
      continue;
    }
    const auto value = checked(item, node->key, range);
    if (!value) return std::nullopt;
    out.push_back(*value);
  }
  return out;
}

std::optional<bool> ConfigTable::flag(Names names) {
  const JsonNode* node = get(names);
  if (node == nullptr) return std::nullopt;
  if (node->kind == JsonNode::Kind::boolean) return node->number != 0;
  wrong_kind(*node, "true or false");
  return std::nullopt;
}

std::optional<std::string> ConfigTable::text(Names names) {
  const JsonNode* node = get(names);
  if (node == nullptr) return std::nullopt;
  if (node->kind == JsonNode::Kind::string) return node->text;
  wrong_kind(*node, "a string");
  return std::nullopt;
}

std::optional<std::vector<std::string>> ConfigTable::texts(Names names) {
  const JsonNode* node = get(names);
  if (node == nullptr) return std::nullopt;
  if (node->kind != JsonNode::Kind::array) {
    wrong_kind(*node, "a list of strings");
    return std::nullopt;
  }
  std::vector<std::string> out;
  out.reserve(node->children.size());
  for (const JsonNode& item : node->children) {
    if (item.kind != JsonNode::Kind::string) {
      fail(fmt::format("{} holds {}, where strings belong", place(node->key), describe(item.kind)));
      return std::nullopt;
    }
    out.push_back(item.text);
  }
  return out;
}

std::optional<ConfigTable> ConfigTable::table(std::string_view name) {
  const JsonNode* node = get(name);
  if (node == nullptr) return std::nullopt;
  if (node->kind != JsonNode::Kind::object) {
    wrong_kind(*node, "an object");
    return std::nullopt;
  }
  return ConfigTable(*node, nullptr, place(name), problem_);
}

}  // namespace assay::model
