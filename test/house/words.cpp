// SPDX-License-Identifier: Apache-2.0
#include "house/words.hpp"

#include <cctype>

namespace assay::house {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_glue(char c) { return is_word(c) || c == ':' || c == '.' || c == '>'; }

std::size_t glued_from(std::string_view code, std::size_t begin) {
  std::size_t from = begin;
  while (from > 0 && (is_glue(code[from - 1]) || (code[from - 1] == '-' && code[from] == '>')))
    --from;
  return from;
}

}  // namespace

std::vector<Word> words(std::string_view code) {
  std::vector<Word> found;
  for (std::size_t at = 0; at < code.size();) {
    if (!is_word(code[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < code.size() && is_word(code[end])) ++end;
    const std::size_t from = glued_from(code, at);
    const std::size_t next = code.find_first_not_of(" \n\t", end);
    const std::size_t previous =
        from == 0 ? std::string_view::npos : code.find_last_not_of(" \n\t", from - 1);
    found.push_back({code.substr(at, end - at), code.substr(from, at - from), at,
                     next == std::string_view::npos ? '\0' : code[next],
                     previous == std::string_view::npos ? '\0' : code[previous]});
    at = end;
  }
  return found;
}

bool is_std_call(const Word& word) {
  return word.next == '(' && (word.before.empty() || word.before == "::" || word.before == "std::");
}

}  // namespace assay::house
