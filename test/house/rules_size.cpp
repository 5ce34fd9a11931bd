// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "house/functions.hpp"
#include "house/rule.hpp"

namespace assay::house {
namespace {

constexpr std::size_t kMaxFileLines = 400;
constexpr std::size_t kMaxFunctionLines = 70;

std::vector<Violation> file_length(const SourceFile& file) {
  const auto lines = static_cast<std::size_t>(std::ranges::count(file.text, '\n'));
  if (!file.is_source() || lines <= kMaxFileLines) return {};
  return {{file.path, lines,
           std::to_string(lines) + " lines, over " + std::to_string(kMaxFileLines) +
               "; split it along its ideas"}};
}

std::vector<Violation> function_length(const SourceFile& file) {
  std::vector<Violation> found;
  if (!file.is_source()) return found;
  for (const FunctionSpan& span : functions(file.code)) {
    if (span.lines <= kMaxFunctionLines) continue;
    found.push_back({file.path, file.line_of(span.begin),
                     "a function of " + std::to_string(span.lines) + " lines, over " +
                         std::to_string(kMaxFunctionLines) + "; name its steps"});
  }
  return found;
}

std::string repeat(std::string_view line, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += line;
  return text;
}

}  // namespace

std::vector<Rule> size_rules() {
  const std::string path = "src/assay/base/a.cpp";
  const auto body = [](std::size_t calls) {
    return "void f() {\n" + repeat("  g();\n", calls) + "}\n";
  };
  return {
      {"FileLength",
       file_length,
       {{path, repeat("int a;\n", kMaxFileLines + 1)}},
       {{path, repeat("int a;\n", kMaxFileLines)}}},
      {"FunctionLength",
       function_length,
       {{path, body(kMaxFunctionLines - 1)}},
       {{path, body(kMaxFunctionLines - 2)}}},
  };
}

}  // namespace assay::house
