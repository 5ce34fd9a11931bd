// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/text/named_text.hpp"

// A TOML file as a plain tree, so that toml++ stays inside toml_tree.cpp.
namespace assay::text {

struct TomlNode {
  enum class Kind { string, integer, number, boolean, date, array, table };
  Kind kind = Kind::table;
  int line = 1;       // where the value (of a table's member: its key) stands; from 1
  std::string key;    // as a member of a table
  std::string text;   // of a string; may hold any bytes that TOML allows, control characters too
  double number = 0;  // of an integer, number or boolean
  std::vector<TomlNode> children;  // of an array, in order; of a table, sorted by key
};

// Fails with "file:line: ..." on what is no TOML, and on files over 1 MiB.
Result<TomlNode> parse_toml(const NamedText& file);

// The word for messages: "a string", "a whole number", ...
std::string_view describe(TomlNode::Kind kind);

// Text from a file made fit for a message: control characters as \xNN, cut at 200 bytes.
std::string quoted(std::string_view text);

}  // namespace assay::text
