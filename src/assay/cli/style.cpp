// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/style.hpp"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <clocale>
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

std::string fit_left(const Style& style, std::string_view text, int width) {
  return format::fit_left(style.unicode, text, width);
}

std::string bar(const Style& style, double share, int width) {
  return format::bar(style.unicode, share, width);
}

}  // namespace assay::cli
