// SPDX-License-Identifier: Apache-2.0
#include "assay/model/json_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "assay/text/toml_tree.hpp"

namespace assay::model {
namespace {

constexpr std::size_t kMaxBytes = 4 << 20;
constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxNodes = 200'000;

// Builds the tree from nlohmann's events; its parser keeps its own stack, so depth costs no
// recursion.
class Builder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  bool null() { return add({}); }
  bool boolean(bool value) {
    return add({.kind = JsonNode::Kind::boolean, .number = value ? 1.0 : 0.0});
  }
  bool number_integer(number_integer_t value) { return whole(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) { return whole(static_cast<double>(value)); }
  bool number_float(number_float_t value, const string_t&) {
    return add({.kind = JsonNode::Kind::number, .number = value});
  }
  bool string(string_t& value) {
    return add({.kind = JsonNode::Kind::string, .text = std::move(value)});
  }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(JsonNode::Kind::object); }
  bool key(string_t& name) {
    if (!names_.back().insert(name).second) {
      return fail(fmt::format("the key \"{}\" is there twice: keep one", text::quoted(name)));
    }
    key_ = std::move(name);
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(JsonNode::Kind::array); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception&) {
    return fail(fmt::format("not valid JSON at byte {}", at));
  }

  JsonNode root;
  std::string problem;

 private:
  bool fail(std::string what) {
    if (problem.empty()) problem = std::move(what);
    return false;
  }
  bool whole(double value) {
    return add({.kind = JsonNode::Kind::number, .whole = true, .number = value});
  }
  bool add(JsonNode node) {
    if (++count_ > kMaxNodes) {
      return fail(fmt::format("more than {} values: is it the right file?", kMaxNodes));
    }
    if (stack_.empty()) {
      root = std::move(node);
      return true;
    }
    node.key = std::exchange(key_, {});
    stack_.back().children.push_back(std::move(node));
    return true;
  }
  bool open(JsonNode::Kind kind) {
    if (stack_.size() >= kMaxDepth) {
      return fail(fmt::format("nested deeper than {} levels: is it the right file?", kMaxDepth));
    }
    JsonNode node{.kind = kind};
    node.key = std::exchange(key_, {});
    stack_.push_back(std::move(node));
    names_.emplace_back();
    return true;
  }
  bool close() {
    JsonNode node = std::move(stack_.back());
    stack_.pop_back();
    names_.pop_back();
    key_ = std::move(node.key);
    return add(std::move(node));
  }

  std::vector<JsonNode> stack_;
  std::vector<std::unordered_set<std::string>> names_;
  std::string key_;
  std::size_t count_ = 0;
};

// Puts Python's NaN and Infinity into quotes, outside of strings.
std::string with_quoted_constants(std::string_view text) {
  constexpr std::array<std::string_view, 3> kWords{"NaN", "-Infinity", "Infinity"};
  std::string out;
  out.reserve(text.size() + 16);
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto word = in_string ? kWords.end() : std::ranges::find_if(kWords, [&](auto w) {
      return text.substr(i).starts_with(w);
    });
    if (word != kWords.end()) {
      out += '"';
      out += *word;
      out += '"';
      i += word->size() - 1;
      continue;
    }
    if (c == '"') in_string = !in_string;
    out += c;
    if (in_string && c == '\\' && i + 1 < text.size()) out += text[++i];
  }
  return out;
}

}  // namespace

const JsonNode* JsonNode::member(std::string_view name) const {
  if (kind != Kind::object) return nullptr;
  const auto found = std::ranges::find(children, name, &JsonNode::key);
  return found == children.end() || found->kind == Kind::null ? nullptr : &*found;
}

Result<JsonNode> parse_json(std::string_view name, std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return Error{ErrorCode::invalid_argument, fmt::format("{}: {}", text::quoted(name), why)};
  };
  if (text.size() > kMaxBytes) {
    return refuse(
        fmt::format("the file has {} bytes, more than the 4 MiB that any model's "
                    "config.json needs: is it the right file?",
                    text.size()));
  }
  Builder builder;
  if (!nlohmann::json::sax_parse(with_quoted_constants(text), &builder)) {
    return refuse(builder.problem.empty() ? "not valid JSON" : builder.problem);
  }
  return std::move(builder.root);
}

std::string_view describe(JsonNode::Kind kind) {
  switch (kind) {
    case JsonNode::Kind::null: return "null";
    case JsonNode::Kind::boolean: return "true or false";
    case JsonNode::Kind::number: return "a number";
    case JsonNode::Kind::string: return "a string";
    case JsonNode::Kind::array: return "an array";
    case JsonNode::Kind::object: return "an object";
  }
  return "a value";
}

}  // namespace assay::model
