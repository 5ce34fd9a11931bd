// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace assay::cli {

// How to draw for the terminal at hand. Renderers take it as an argument and never look at the
// environment themselves, so each picture can be tested as text.
struct Style {
  int width = 80;       // columns, at least kMinWidth
  bool colour = false;  // ANSI escapes
  bool unicode = true;  // block characters; false: ASCII only
};
inline constexpr int kMinWidth = 60;
inline constexpr int kMaxWidth = 160;  // wider lines are harder to read, not better

// From $COLUMNS or the terminal's size, NO_COLOR (no-color.org), TERM=dumb and the locale's
// character set. Colour only if `fd` is a terminal.
Style detect_style(int fd);

enum class Tone { plain, strong, faint, good, warn, bad };

// The text in a tone, or unchanged where there is no colour.
std::string paint(const Style& style, Tone tone, std::string_view text);

// Columns that the text takes: code points, escape sequences not counted. The texts drawn here
// have no wide characters of their own; what comes from outside passes through `printable` first.
int columns(std::string_view text);

// Cut to at most `width` columns (ending in "~" or "…") or padded to it with blanks.
std::string fit_left(const Style& style, std::string_view text, int width);
std::string fit_right(std::string_view text, int width);

// Text from outside (process names, files) with every control character and every byte that is
// not printable ASCII replaced by '?', so that a name can't move the cursor or forge a line.
std::string printable(std::string_view text);

// The text broken at blanks into lines of at most width columns, each led by `indent` blanks.
std::string wrap(std::string_view text, int width, int indent);

// A bar of `width` columns, `share` of it filled, at eighths of a column. A share above zero is
// never drawn as nothing, one below 1 never as full.
std::string bar(const Style& style, double share, int width);

}  // namespace assay::cli
