// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "assay/format/text.hpp"
#include "assay/tui/views.hpp"

namespace assay::tui {
namespace {

// As many items as there is room for, the first ones first.
std::string joined(const std::vector<std::string>& items, const Look& look, int room) {
  const std::string_view between = look.unicode ? " · " : " | ";
  std::string out;
  for (const std::string& item : items) {
    const std::string next = out.empty() ? item : fmt::format("{}{}{}", out, between, item);
    if (!out.empty() && format::columns(next) > room) break;
    out = next;
  }
  return out;
}

}  // namespace

void engine_lines(Page& page, const EngineFrame& engine, int lines) {
  if (lines <= 0) return;
  const int width = page.size.columns;
  if (!engine.trouble.empty()) {
    const std::string text = format::wrap(engine.head + ": " + engine.trouble, width, 0);
    const std::size_t end = std::min(text.find('\n'), text.size());
    page.line(text.substr(0, end), Tone::warn);
    const std::string rest = text.substr(std::min(end + 1, text.size()));
    if (lines > 1) page.line(rest.substr(0, rest.find('\n')), Tone::warn);
    return;
  }
  // On one line a token's price goes before all else.
  const std::string worth = joined(engine.worth, page.look, width - 2);
  if (lines == 1) return page.line(worth, Tone::note);
  const std::string head = engine.head + "  ";
  page.add({{{head, Tone::plain, 0, false, true},
             {joined(engine.flow, page.look, width - format::columns(head)), Tone::plain}}});
  page.line("  " + worth, Tone::note);
}

}  // namespace assay::tui
