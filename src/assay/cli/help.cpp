// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assay/cli/style.hpp"

namespace assay::cli {
namespace {

constexpr int kNarrowIndent = 8;  // for a right column with a word too long for it

// Where the right column starts, after two blanks or more; else where the text does.
std::size_t hanging_indent(std::string_view line) {
  const std::size_t text = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t gap = line.find("  ", text);
  if (gap == std::string_view::npos) return text;
  return std::min(line.find_first_not_of(' ', gap), line.size());
}

int longest_word(std::string_view text) {
  int longest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    longest = std::max(longest, columns(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

std::string fit_line(std::string_view line, int width) {
  if (columns(line) <= width) return std::string(line);
  const std::size_t indent = hanging_indent(line);
  const std::string_view body = line.substr(indent);
  if (longest_word(body) + static_cast<int>(indent) > width) {
    const std::size_t name = line.substr(0, indent).find_last_not_of(' ') + 1;
    return std::string(line.substr(0, name)) + (name == 0 ? "" : "\n") +
           wrap(body, width, kNarrowIndent);
  }
  return std::string(line.substr(0, indent)) +
         wrap(body, width, static_cast<int>(indent)).substr(indent);
}

}  // namespace

std::string help_footer(std::string_view example) {
  return fmt::format("Example:\n  {}\n\nExit codes: 0 ok, 1 failed, 2 usage, 3 nothing to measure",
                     example);
}

std::string fit_help(std::string_view text, int width) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += fit_line(text.substr(0, end), width) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace assay::cli
