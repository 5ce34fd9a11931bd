// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/time_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>

#include "assay/format/format.hpp"

namespace assay::serve {

sample::WallTime wall_now() {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

Result<sample::WallTime> parse_time(std::string_view text, sample::WallTime now) {
  if (text == "now") return now;
  if (text.starts_with('-')) {
    const auto ago = format::parse_duration(text.substr(1));
    if (!ago)
      return Error{
          ErrorCode::invalid_argument,
          fmt::format("\"{}\" is no time ago; write -30s, -15m, -6h or -7d, at most -366d; "
                      "for longer ago the date",
                      text)};
    return sample::WallTime{now.unix_ns - std::llround(ago->value() * 1e9)};
  }
  double seconds = 0;
  const auto [rest, error] = std::from_chars(text.begin(), text.end(), seconds);
  if (error == std::errc() && rest == text.end()) {
    // 1970 to 2242: within 64 bits of nanoseconds.
    if (seconds >= 0 && seconds < 8.6e9) return sample::WallTime{std::llround(seconds * 1e9)};
  } else if (auto wall = format::parse_wall(text)) {
    return *wall;
  }
  return Error{ErrorCode::invalid_argument,
               fmt::format("\"{}\" is no time; write 2026-11-22T08:40:12Z, seconds since 1970, or "
                           "-15m for a quarter of an hour ago",
                           text)};
}

}  // namespace assay::serve
