// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/number.hpp"

#include <fmt/format.h>

#include <cmath>

namespace assay::sim {
namespace {

using text::TomlNode;
using text::TomlTable;

constexpr double kMostSeconds = 1e9;

std::optional<std::int64_t> time(TomlTable& table, std::string_view key, double unit_ns) {
  const auto found = number(table, key, {0, kMostSeconds * 1e9 / unit_ns});
  if (!found) return std::nullopt;
  return std::llround(*found * unit_ns);
}

}  // namespace

std::optional<double> number(TomlTable& table, std::string_view key, Bounds bounds) {
  const TomlNode* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != TomlNode::Kind::integer && node->kind != TomlNode::Kind::number) {
    table.problem(*node,
                  fmt::format("{} is {}: write a number", table.place(key), describe(node->kind)));
  } else if (!(node->number >= bounds.least && node->number <= bounds.most)) {
    table.problem(*node, fmt::format("{} = {} is out of range: write {} to {}", table.place(key),
                                     node->number, bounds.least, bounds.most));
  } else {
    return node->number;
  }
  return std::nullopt;
}

std::optional<std::int64_t> whole(TomlTable& table, std::string_view key, Bounds bounds) {
  const TomlNode* node = table.get(key);
  if (node != nullptr && node->kind == TomlNode::Kind::number) {
    table.problem(*node, fmt::format("{} = {} must be a whole number, without point or exponent",
                                     table.place(key), node->number));
    return std::nullopt;
  }
  const auto found = number(table, key, bounds);
  if (!found) return std::nullopt;
  return static_cast<std::int64_t>(*found);
}

bool flag(TomlTable& table, std::string_view key) {
  const TomlNode* node = table.get(key);
  if (node == nullptr) return false;
  if (node->kind == TomlNode::Kind::boolean) return node->number != 0;
  table.problem(
      *node, fmt::format("{} is {}: write true or false", table.place(key), describe(node->kind)));
  return false;
}

std::optional<std::int64_t> seconds(TomlTable& table, std::string_view key) {
  return time(table, key, 1e9);
}

std::optional<std::int64_t> microseconds(TomlTable& table, std::string_view key) {
  return time(table, key, 1e3);
}

}  // namespace assay::sim
