// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/base/error.hpp"
#include "assay/text/toml_tree.hpp"

// Reading a table key by key, so that what is missing, of the wrong type or not asked for is
// reported with its line. Reading goes on after a problem: a file shows all that it has wrong.
namespace assay::text {

// What is wrong with one file.
class Problems {
 public:
  explicit Problems(std::string_view file) : file_(file) {}

  void add(int line, std::string message) { found_.emplace_back(line, std::move(message)); }
  [[nodiscard]] bool empty() const { return found_.empty(); }
  // By line; each "file:line: message".
  [[nodiscard]] std::vector<Error> errors() const;

 private:
  std::string file_;
  std::vector<std::pair<int, std::string>> found_;
};

// A view of one table of the tree; both it and the problems must outlive this.
class TomlTable {
 public:
  // where: how messages call the table, e.g. "[[peak]]"; empty for the file's top.
  TomlTable(const TomlNode& table, std::string_view where, Problems& problems)
      : table_(table), where_(where), problems_(problems) {}

  // The member, nullptr where it is absent. Asking for a key makes it a known one.
  const TomlNode* get(std::string_view key);
  // The same, and a problem where it is absent.
  const TomlNode* need(std::string_view key);
  // Text: not empty, at most 400 bytes, no control characters. Empty where absent or bad.
  std::string text(std::string_view key);
  std::string need_text(std::string_view key);
  // The tables of an array of tables ([[key]] or key = [{...}]); empty where absent or bad.
  std::vector<const TomlNode*> tables(std::string_view key);
  // Strings of an array; empty where absent or bad.
  std::vector<std::string> texts(std::string_view key);

  // Reports each member that was never asked for. Call once, last.
  void finish();

  void problem(const TomlNode& at, std::string message) {
    problems_.add(at.line, std::move(message));
  }
  void problem_here(std::string message) { problems_.add(table_.line, std::move(message)); }
  // "key" or "key in [[where]]".
  [[nodiscard]] std::string place(std::string_view key) const;
  [[nodiscard]] const TomlNode& node() const { return table_; }

 private:
  std::string checked(const TomlNode& node, std::string_view key);

  const TomlNode& table_;
  std::string where_;
  Problems& problems_;
  std::vector<std::string> known_;
};

// Reports and returns false unless the node is a whole or real number, finite, above zero and at
// most 1e9 (no figure of any chip is larger in the units of the schema).
bool sound_number(const TomlNode& node, std::string_view what, Problems& problems);

}  // namespace assay::text
