// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/base/error.hpp"
#include "assay/model/json_tree.hpp"

namespace assay::model {

// Names that one and the same thing has in different families' configs, the most common first.
using Names = std::initializer_list<std::string_view>;

struct Range {
  int least = 1;
  int most = 1;
};

// Reads a config key by key. The first problem is kept and all that follows is still safe to ask
// for, so a reader asks for what it needs and looks at problem() once. Both the tree and the
// problem must outlive this.
class ConfigTable {
 public:
  // outer: asked where this table lacks a key (a multimodal wrapper around text_config); may be
  // null.
  ConfigTable(const JsonNode& table, const JsonNode* outer, std::string where,
              std::optional<std::string>& problem)
      : table_(table), outer_(outer), where_(std::move(where)), problem_(problem) {}

  // The first of the names that is there and not null.
  const JsonNode* get(Names names);
  const JsonNode* get(std::string_view name) { return get({name}); }
  // A whole number in the range, or a problem; nothing where no name is there.
  std::optional<int> whole(Names names, Range range);
  // The same, and a problem where no name is there; then the least of the range.
  int need_whole(Names names, Range range);
  // A list of one whole number a layer.
  std::optional<std::vector<int>> wholes(Names names, Range range);
  std::optional<bool> flag(Names names);
  std::optional<std::string> text(Names names);
  std::optional<std::vector<std::string>> texts(Names names);
  // A table within this one, with no outer; nothing where it is absent or null.
  std::optional<ConfigTable> table(std::string_view name);

  // Whether a list has one entry a layer; a problem where not.
  bool one_a_layer(std::string_view key, std::size_t entries, int layers);

  // Keeps the first: "what" names the key and says what is wrong with it.
  void fail(std::string what);
  [[nodiscard]] bool ok() const { return !problem_; }
  // "key" as messages name it, with the table that it stands in.
  [[nodiscard]] std::string place(std::string_view key) const;
  [[nodiscard]] const JsonNode& node() const { return table_; }
  [[nodiscard]] bool asked(std::string_view key) const { return asked_.contains(key); }

 private:
  std::optional<int> checked(const JsonNode& node, std::string_view key, Range range);
  void wrong_kind(const JsonNode& node, std::string_view wanted);

  const JsonNode& table_;
  const JsonNode* outer_;
  std::string where_;
  std::optional<std::string>& problem_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace assay::model
