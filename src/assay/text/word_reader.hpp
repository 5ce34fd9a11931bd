// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "assay/text/toml_table.hpp"

namespace assay::text {

// The value of an enum by its word; a problem that lists the words where there is no such.
template <typename E, std::size_t N>
std::optional<E> read_word(TomlTable& table, std::string_view key, const std::array<E, N>& values,
                           bool needed) {
  const TomlNode* node = needed ? table.need(key) : table.get(key);
  if (node == nullptr) return std::nullopt;
  std::string words;
  for (const E value : values) {
    if (node->kind == TomlNode::Kind::string && node->text == to_string(value)) return value;
    words += fmt::format("{}{}", words.empty() ? "" : ", ", to_string(value));
  }
  table.problem(*node, fmt::format("{} is \"{}\": write one of {}", table.place(key),
                                   quoted(node->text), words));
  return std::nullopt;
}

}  // namespace assay::text
