// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"

// A JSON file as a plain tree, so that nlohmann-json stays inside json_tree.cpp.
namespace assay::model {

struct JsonNode {
  enum class Kind { null, boolean, number, string, array, object };
  Kind kind = Kind::null;
  bool whole = false;              // of a number: written without fraction or exponent
  double number = 0;               // of a number or boolean
  std::string key;                 // as a member of an object
  std::string text;                // of a string
  std::vector<JsonNode> children;  // in the order of the file

  // The member of an object; nullptr where it is absent or null.
  [[nodiscard]] const JsonNode* member(std::string_view name) const;
};

// Fails with "name: ..." on what is no JSON, on a key given twice in one object, on more than 4
// MiB, 64 levels or 200,000 values. NaN and Infinity, which Python writes though JSON has none, are
// read as strings of that name: they hurt only where a number is needed.
Result<JsonNode> parse_json(std::string_view name, std::string_view text);

// The word for messages: "a string", "an object", ...
std::string_view describe(JsonNode::Kind kind);

}  // namespace assay::model
