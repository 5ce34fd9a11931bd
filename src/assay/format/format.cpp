// SPDX-License-Identifier: Apache-2.0
#include "assay/format/format.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <ctime>

namespace assay::format {
namespace {

struct Scale {
  double factor;
  std::string_view unit;
};

std::string scaled(double value, std::initializer_list<Scale> scales) {
  const Scale* chosen = scales.end() - 1;
  if (value == 0) return fmt::format("0 {}", chosen->unit);
  for (const Scale& scale : scales) {
    if (std::abs(value) < scale.factor) continue;
    chosen = &scale;
    break;
  }
  const double shown = value / chosen->factor;
  const int decimals = std::abs(shown) < 9.995 ? 2 : std::abs(shown) < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}", shown, decimals, chosen->unit);
}

std::tm utc(sample::WallTime at) {
  const auto seconds = static_cast<std::time_t>(at.unix_ns / 1'000'000'000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

std::string date_and_time(const std::tm& t, char separator) {
  return fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}", t.tm_year + 1900, t.tm_mon + 1,
                     t.tm_mday, separator, t.tm_hour, t.tm_min, t.tm_sec);
}

}  // namespace

std::string percent(Ratio share) {
  const double p = share.as_percent();
  if (p == 0) return "0 %";
  if (share.value() == 1) return "100 %";
  if (p > 100) return fmt::format("{:.1f} %", p);
  if (p >= 99.95) return "99.9+ %";
  if (p >= 9.995) return fmt::format("{:.1f} %", p);
  if (p >= 0.0995) return fmt::format("{:.2f} %", p);
  if (p >= 0.0005) return fmt::format("{:.3f} %", p);
  return "<0.001 %";
}

std::string percent_of(const sample::Reading<Ratio>& share) {
  const std::string text = percent(*share.raw());
  if (share.state() == sample::State::estimated) return "~" + text;
  return share.state() == sample::State::stale ? text + " stale" : text;
}

std::string quantity(metric::Unit unit, double value) {
  using metric::Unit;
  switch (unit) {
    case Unit::ratio: return percent(Ratio::fraction(value));
    case Unit::watts: return fmt::format("{:.0f} W", value);
    case Unit::joules: return scaled(value, {{3.6e6, "kWh"}, {1, "J"}});
    case Unit::bytes:
      return scaled(value, {{1073741824.0, "GiB"}, {1048576.0, "MiB"}, {1024.0, "KiB"}, {1, "B"}});
    case Unit::bytes_per_second:
      return scaled(value,
                    {{1e12, "TB/s"}, {1e9, "GB/s"}, {1e6, "MB/s"}, {1e3, "kB/s"}, {1, "B/s"}});
    case Unit::hertz: return fmt::format("{:.0f} MHz", value / 1e6);
    case Unit::celsius: return fmt::format("{:.0f} C", value);
    case Unit::count: return fmt::format("{:.0f}", value);
  }
  return fmt::format("{}", value);
}

std::string dollars(DollarsPerHour rate) {
  const double value = rate.value();
  if (value > 0 && value < 0.005) return "<$0.01/h";
  return fmt::format("${:.2f}/h", value);
}

std::string wall_text(sample::WallTime at) { return date_and_time(utc(at), ' ') + "Z"; }

std::string wall_iso(sample::WallTime at) {
  return fmt::format("{}.{:03}Z", date_and_time(utc(at), 'T'), at.unix_ns / 1'000'000 % 1000);
}

Result<sample::WallTime> parse_wall(std::string_view text) {
  const std::string copy(text);
  std::tm parts{};
  const char* rest = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) rest = strptime(copy.c_str(), "%Y-%m-%d %H:%M:%S", &parts);
  const Error malformed{ErrorCode::invalid_argument,
                        fmt::format("\"{}\" is no time; write it as 2026-11-22T08:40:12Z", text)};
  if (rest == nullptr) return malformed;
  double fraction = 0;
  const char* end = copy.c_str() + copy.size();
  if (*rest == '.') rest = std::from_chars(rest, end, fraction).ptr;
  if (*rest == 'Z') ++rest;
  if (rest != end) return malformed;
  const std::int64_t seconds = timegm(&parts);
  return sample::WallTime{seconds * 1'000'000'000 + std::llround(fraction * 1e9)};
}

Result<Seconds> parse_duration(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, code] = std::from_chars(text.data(), end, number);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  double factor = 0;
  if (unit == "s") factor = 1;
  if (unit == "us") factor = 1e-6;
  if (unit == "ms") factor = 1e-3;
  if (unit == "m" || unit == "min") factor = 60;
  if (unit == "h") factor = 3600;
  if (unit == "d") factor = 86400;
  const double seconds = number * factor;
  if (code != std::errc() || !(seconds > 0) || seconds > 366 * 86400.0)
    return Error{ErrorCode::invalid_argument,
                 fmt::format("\"{}\" is no length of time; write it as 500ms, 2s or 1m", text)};
  return Seconds(seconds);
}

}  // namespace assay::format
