// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "assay/format/text.hpp"

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

// Text on a grid (format/text.hpp), with the style's characters where they differ.
using format::columns;
using format::fit_right;
using format::printable;
using format::wrap;
std::string fit_left(const Style& style, std::string_view text, int width);
std::string bar(const Style& style, double share, int width);

}  // namespace assay::cli
