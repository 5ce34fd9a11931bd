// SPDX-License-Identifier: Apache-2.0
#include "assay/text/toml_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "assay/text/nearest.hpp"

namespace assay::text {
namespace {

constexpr std::size_t kMaxText = 400;
constexpr double kMaxNumber = 1e9;

// C0, DEL and, as UTF-8, C1: what could drive a terminal that shows the text.
bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<std::uint8_t>(text[i + 1]) < 0xa0) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<Error> Problems::errors() const {
  auto sorted = found_;
  std::ranges::stable_sort(sorted, {}, &std::pair<int, std::string>::first);
  std::vector<Error> out;
  out.reserve(sorted.size());
  for (const auto& [line, message] : sorted) {
    out.push_back(
        {ErrorCode::invalid_argument, fmt::format("{}:{}: {}", quoted(file_), line, message)});
  }
  return out;
}

std::string TomlTable::place(std::string_view key) const {
  return where_.empty() ? std::string(key) : fmt::format("{} in {}", key, where_);
}

const TomlNode* TomlTable::get(std::string_view key) {
  known_.emplace_back(key);
  for (const TomlNode& child : table_.children) {
    if (child.key == key) return &child;
  }
  return nullptr;
}

const TomlNode* TomlTable::need(std::string_view key) {
  const TomlNode* found = get(key);
  if (found == nullptr) problem_here(fmt::format("{} is missing: add it", place(key)));
  return found;
}

std::string TomlTable::checked(const TomlNode& node, std::string_view key) {
  if (node.kind != TomlNode::Kind::string) {
    problem(node,
            fmt::format("{} is {}: write a string in quotes", place(key), describe(node.kind)));
  } else if (node.text.empty()) {
    problem(node, fmt::format("{} is empty: write it, or leave the line out", place(key)));
  } else if (node.text.size() > kMaxText) {
    problem(node, fmt::format("{} has {} bytes: keep it under {}", place(key), node.text.size(),
                              kMaxText));
  } else if (has_control(node.text)) {
    problem(node, fmt::format("{} holds a control character, which could drive the terminal that "
                              "shows it: remove it",
                              place(key)));
  } else {
    return node.text;
  }
  return {};
}

std::string TomlTable::text(std::string_view key) {
  const TomlNode* found = get(key);
  return found == nullptr ? std::string() : checked(*found, key);
}

std::string TomlTable::need_text(std::string_view key) {
  const TomlNode* found = need(key);
  return found == nullptr ? std::string() : checked(*found, key);
}

std::vector<const TomlNode*> TomlTable::tables(std::string_view key) {
  std::vector<const TomlNode*> out;
  const TomlNode* found = get(key);
  if (found == nullptr) return out;
  if (found->kind != TomlNode::Kind::array) {
    problem(*found, fmt::format("{} is {}: write an array of tables, [[{}]]", place(key),
                                describe(found->kind), key));
    return out;
  }
  for (const TomlNode& item : found->children) {
    if (item.kind == TomlNode::Kind::table) {
      out.push_back(&item);
    } else {
      problem(item, fmt::format("{} holds {}: write tables only", place(key), describe(item.kind)));
    }
  }
  return out;
}

std::vector<std::string> TomlTable::texts(std::string_view key) {
  std::vector<std::string> out;
  const TomlNode* found = get(key);
  if (found == nullptr) return out;
  if (found->kind != TomlNode::Kind::array) {
    problem(*found,
            fmt::format("{} is {}: write an array of strings", place(key), describe(found->kind)));
    return out;
  }
  for (const TomlNode& item : found->children) out.push_back(checked(item, key));
  return out;
}

void TomlTable::finish() {
  for (const TomlNode& child : table_.children) {
    if (std::ranges::find(known_, child.key) != known_.end()) continue;
    const std::vector<std::string> guess = nearest_of(child.key, known_, 1);
    problem(child, fmt::format("unknown key \"{}\"{}: {}", quoted(child.key),
                               where_.empty() ? "" : " in " + where_,
                               guess.empty() ? std::string("remove it")
                                             : fmt::format("did you mean \"{}\"?", guess[0])));
  }
}

bool sound_number(const TomlNode& node, std::string_view what, Problems& problems) {
  if (node.kind != TomlNode::Kind::integer && node.kind != TomlNode::Kind::number) {
    problems.add(node.line, fmt::format("{} is {}: write a number", what, describe(node.kind)));
  } else if (!std::isfinite(node.number) || node.number > kMaxNumber) {
    problems.add(node.line,
                 fmt::format("{} = {} is beyond any chip: check its unit", what, node.number));
  } else if (node.number <= 0) {
    problems.add(node.line, fmt::format("{} = {} must be above 0: leave out what is unknown", what,
                                        node.number));
  } else {
    return true;
  }
  return false;
}

}  // namespace assay::text
