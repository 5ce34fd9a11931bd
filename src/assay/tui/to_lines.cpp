// SPDX-License-Identifier: Apache-2.0
#include <ftxui/dom/elements.hpp>
#include <ftxui/screen/color.hpp>
#include <ftxui/screen/screen.hpp>
#include <ftxui/screen/terminal.hpp>

#include "assay/format/text.hpp"
#include "assay/tui/picture.hpp"

namespace assay::tui {
namespace {

// The sixteen colours that the user's own terminal theme defines: readable on dark and light.
ftxui::Color colour_of(Tone tone) {
  switch (tone) {
    case Tone::good: return ftxui::Color::Green;
    case Tone::warn:
    case Tone::stalled: return ftxui::Color::Yellow;
    case Tone::bad:
    case Tone::empty: return ftxui::Color::Red;
    case Tone::note: return ftxui::Color::Cyan;
    case Tone::idle: return ftxui::Color::Blue;
    case Tone::plain:
    case Tone::faint:
    case Tone::not_held: break;
  }
  return ftxui::Color::Default;
}

ftxui::Element element(const Span& span, const Look& look) {
  const int blanks = span.width - format::columns(span.text);
  std::string text = span.text;
  if (span.width > 0 && blanks > 0)
    text.insert(span.right ? 0 : text.size(), static_cast<std::size_t>(blanks), ' ');
  ftxui::Element out = ftxui::text(std::move(text));
  if (span.width > 0) out |= ftxui::size(ftxui::WIDTH, ftxui::EQUAL, span.width);
  if (span.strong) out |= ftxui::bold;
  if (span.tone == Tone::faint || span.tone == Tone::not_held) out |= ftxui::dim;
  if (look.colour && colour_of(span.tone) != ftxui::Color::Default)
    out |= ftxui::color(colour_of(span.tone));
  return out;
}

}  // namespace

std::vector<std::string> to_lines(const Page& page) {
  ftxui::Terminal::SetColorSupport(ftxui::Terminal::Color::Palette16);
  ftxui::Elements rows;
  for (const Row& row : page.rows) {
    ftxui::Elements spans;
    for (const Span& span : row.spans)
      if (!span.text.empty() || span.width > 0) spans.push_back(element(span, page.look));
    if (row.inverse) spans.push_back(ftxui::filler());
    ftxui::Element line = ftxui::hbox(std::move(spans));
    if (row.inverse) line |= ftxui::inverted;
    rows.push_back(line | ftxui::size(ftxui::HEIGHT, ftxui::EQUAL, 1));
  }
  auto screen = ftxui::Screen::Create(ftxui::Dimension::Fixed(page.size.columns),
                                      ftxui::Dimension::Fixed(page.size.rows));
  ftxui::Render(screen, ftxui::vbox(std::move(rows)));
  const std::string text = screen.ToString();
  std::vector<std::string> lines;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find("\r\n", at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

}  // namespace assay::tui
