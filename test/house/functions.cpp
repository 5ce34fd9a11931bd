// SPDX-License-Identifier: Apache-2.0
#include "house/functions.hpp"

#include <algorithm>
#include <string>

namespace assay::house {
namespace {

// Preprocessor lines go, with their continuations: a macro's braces need not balance.
std::string without_directives(std::string_view code) {
  std::string out(code);
  bool directive = false;
  std::size_t at = 0;
  while (at < out.size()) {
    const std::size_t end = std::min(out.find('\n', at), out.size());
    const std::size_t first = out.find_first_not_of(" \t", at);
    directive = directive || (first < end && out[first] == '#');
    const bool continued = end > at && out[end - 1] == '\\';
    if (directive)
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(at),
                out.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    directive = directive && continued;
    at = end + 1;
  }
  return out;
}

bool has_word(std::string_view text, std::string_view word) {
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const bool left = at == 0 || !is_word(text[at - 1]);
    const std::size_t end = at + word.size();
    if (left && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

bool ends_label(std::string_view head) {
  return head.ends_with("public:") || head.ends_with("private:") || head.ends_with("protected:");
}

// head: what stands between the last ; { or } and a brace.
bool opens_function(std::string_view head) {
  if (std::ranges::count(head, '(') != std::ranges::count(head, ')')) return false;
  const std::size_t paren = head.find('(');
  if (paren == std::string_view::npos) return false;
  const std::size_t last = head.find_last_not_of(" \n\t");
  if (head[last] == '=' || head[last] == ',') return false;
  const std::string_view before = head.substr(0, paren);
  return !has_word(before, "namespace") && !has_word(before, "class") &&
         !has_word(before, "struct") && !has_word(before, "enum") && !has_word(before, "union");
}

std::size_t matching_brace(std::string_view code, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < code.size(); ++at) {
    if (code[at] == '{') ++depth;
    if (code[at] == '}' && --depth == 0) return at;
  }
  return code.size() - 1;
}

}  // namespace

std::vector<FunctionSpan> functions(std::string_view raw) {
  const std::string code = without_directives(raw);
  std::vector<FunctionSpan> spans;
  std::size_t head = 0;
  for (std::size_t at = 0; at < code.size(); ++at) {
    const char c = code[at];
    if (c == ';' || c == '}' || ends_label(std::string_view(code).substr(head, at - head + 1)))
      head = at + 1;
    if (c != '{') continue;
    const bool initializer = at > 0 && code[at - 1] != ' ' && code[at - 1] != '\n';
    if (initializer) {
      at = matching_brace(code, at);
    } else if (opens_function(std::string_view(code).substr(head, at - head))) {
      const std::size_t begin = code.find_first_not_of(" \n\t", head);
      const std::size_t end = matching_brace(code, at);
      const auto newlines = std::count(code.begin() + static_cast<std::ptrdiff_t>(begin),
                                       code.begin() + static_cast<std::ptrdiff_t>(end), '\n');
      spans.push_back({begin, static_cast<std::size_t>(newlines) + 1});
      at = end;
      head = end + 1;
    } else {
      head = at + 1;
    }
  }
  return spans;
}

}  // namespace assay::house
