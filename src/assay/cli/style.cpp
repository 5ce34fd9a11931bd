// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/style.hpp"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <clocale>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace assay::cli {
namespace {

int detect_width(int fd) {
  int width = 0;
  if (const char* columns_text = std::getenv("COLUMNS"); columns_text != nullptr)
    std::from_chars(columns_text, columns_text + std::strlen(columns_text), width);
  winsize size{};
  if (width <= 0 && ioctl(fd, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width <= 0) width = 80;
  return std::clamp(width, kMinWidth, kMaxWidth);
}

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool locale_is_utf8() {
  std::setlocale(LC_CTYPE, "");
  const bool utf8 = std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  std::setlocale(LC_CTYPE, "C");
  return utf8;
}

std::string_view code(Tone tone) {
  switch (tone) {
    case Tone::plain: return "";
    case Tone::strong: return "\x1b[1m";
    case Tone::faint: return "\x1b[2m";
    case Tone::good: return "\x1b[32m";
    case Tone::warn: return "\x1b[33m";
    case Tone::bad: return "\x1b[31m";
  }
  return "";
}

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

Style detect_style(int fd) {
  const char* term = std::getenv("TERM");
  const bool dumb = term != nullptr && std::string_view(term) == "dumb";
  return {.width = detect_width(fd),
          .colour = isatty(fd) == 1 && !dumb && !is_set("NO_COLOR"),
          .unicode = locale_is_utf8() && !dumb};
}

std::string paint(const Style& style, Tone tone, std::string_view text) {
  if (!style.colour || tone == Tone::plain) return std::string(text);
  return std::string(code(tone)).append(text).append("\x1b[0m");
}

int columns(std::string_view text) {
  int count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      const std::size_t end = text.find('m', i);
      if (end == std::string_view::npos) break;
      i = end;
    } else if (starts_code_point(text[i])) {
      ++count;
    }
  }
  return count;
}

std::string fit_left(const Style& style, std::string_view text, int width) {
  const int have = columns(text);
  if (have <= width) return std::string(text).append(static_cast<std::size_t>(width - have), ' ');
  std::string cut;
  int used = 0;
  for (const char c : text) {
    if (starts_code_point(c) && ++used == width) break;
    cut.push_back(c);
  }
  return cut.append(style.unicode ? "…" : "~");
}

std::string fit_right(std::string_view text, int width) {
  const int have = columns(text);
  if (have >= width) return std::string(text);
  return std::string(static_cast<std::size_t>(width - have), ' ').append(text);
}

std::string printable(std::string_view text) {
  std::string safe(text);
  for (char& c : safe)
    if (c < 0x20 || c > 0x7e) c = '?';
  return safe;
}

std::string wrap(std::string_view text, int width, int indent) {
  const std::string lead(static_cast<std::size_t>(indent), ' ');
  std::string out;
  int used = width;  // forces the first word onto a line of its own start
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (used + 1 + columns(word) > width) {
      out.append(out.empty() ? "" : "\n").append(lead).append(word);
      used = indent + columns(word);
    } else {
      out.append(" ").append(word);
      used += 1 + columns(word);
    }
  }
  return out;
}

std::string bar(const Style& style, double share, int width) {
  static constexpr std::array<std::string_view, 8> kEighths = {"",  "▏", "▎", "▍",
                                                               "▌", "▋", "▊", "▉"};
  const int steps = style.unicode ? 8 : 1;
  const int whole = width * steps;
  int filled = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * whole));
  if (share > 0) filled = std::max(filled, 1);
  if (share < 1) filled = std::min(filled, whole - 1);
  std::string out;
  for (int i = 0; i < filled / steps; ++i) out.append(style.unicode ? "█" : "#");
  int used = filled / steps;
  if (style.unicode && filled % 8 != 0) {
    out.append(kEighths[static_cast<std::size_t>(filled % 8)]);
    ++used;
  }
  return out.append(static_cast<std::size_t>(width - used), style.unicode ? ' ' : '.');
}

}  // namespace assay::cli
