// SPDX-License-Identifier: Apache-2.0
#include "assay/model/model_number.hpp"

#include <fmt/format.h>

#include <cmath>

namespace assay::model {
namespace {

constexpr double kMost = 1 << 28;

}  // namespace

std::optional<int> count(text::TomlTable& table, std::string_view key, text::Problems& problems) {
  const text::TomlNode* node = table.get(key);
  if (node == nullptr || !text::sound_number(*node, table.place(key), problems))
    return std::nullopt;
  if (node->number > kMost || node->number != std::floor(node->number)) {
    table.problem(*node, fmt::format("{} = {} must be a whole number up to 2^28", table.place(key),
                                     node->number));
    return std::nullopt;
  }
  return static_cast<int>(node->number);
}

int need_count(text::TomlTable& table, std::string_view key, text::Problems& problems) {
  if (table.need(key) == nullptr) return 1;
  return count(table, key, problems).value_or(1);
}

bool flag(text::TomlTable& table, std::string_view key) {
  const text::TomlNode* node = table.get(key);
  if (node == nullptr) return false;
  if (node->kind == text::TomlNode::Kind::boolean) return node->number != 0;
  table.problem(
      *node, fmt::format("{} is {}: write true or false", table.place(key), describe(node->kind)));
  return false;
}

std::optional<double> billions(text::TomlTable& table, std::string_view key,
                               text::Problems& problems) {
  const text::TomlNode* node = table.get(key);
  if (node == nullptr || !text::sound_number(*node, table.place(key), problems))
    return std::nullopt;
  return node->number * 1e9;
}

}  // namespace assay::model
