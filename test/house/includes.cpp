// SPDX-License-Identifier: Apache-2.0
#include "house/includes.hpp"

#include <algorithm>

namespace assay::house {

std::vector<Include> includes(const SourceFile& file) {
  std::vector<Include> found;
  for (std::size_t hash = file.code.find('#'); hash != std::string::npos;
       hash = file.code.find('#', hash + 1)) {
    const std::size_t word = file.code.find_first_not_of(" \t", hash + 1);
    if (word == std::string::npos || file.code.compare(word, 7, "include") != 0) continue;
    const std::size_t end = std::min(file.text.find('\n', word), file.text.size());
    // The path lies in the text: blanking emptied the quotes of the code.
    const std::size_t open = file.text.find_first_of("\"<", word);
    if (open == std::string::npos || open >= end) continue;
    const std::size_t close = file.text.find_first_of("\">", open + 1);
    if (close == std::string::npos || close >= end) continue;
    found.push_back(
        {file.text.substr(open + 1, close - open - 1), file.text[open] == '"', file.line_of(hash)});
  }
  return found;
}

}  // namespace assay::house
