// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "assay/cli/compare_view.hpp"

namespace assay::cli {
namespace {

// Three figures with a decimal prefix: "2.25 P".
std::string prefixed(double value) {
  static constexpr std::array<std::string_view, 7> kPrefixes{"", "k", "M", "G", "T", "P", "E"};
  std::size_t step = 0;
  while (std::abs(value) >= 999.5 && step + 1 < kPrefixes.size()) {
    value /= 1000;
    ++step;
  }
  const int decimals = std::abs(value) < 9.995 ? 2 : std::abs(value) < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}", value, decimals, kPrefixes[step]);
}

// At least 100, in three columns: "333", "20k", ".4M", "13M".
std::string short_count(double count) {
  if (count < 999.5) return fmt::format("{:.0f}", count);
  if (count < 99.5e3) return fmt::format("{:.0f}k", count / 1e3);
  if (count < 950e3) return fmt::format(".{:.0f}M", count / 1e5);
  return count < 99.5e6 ? fmt::format("{:.0f}M", count / 1e6) : ">1G";
}

std::string gib_text(double bytes) {
  const double in_gib = bytes / gib(1).value();
  const int decimals = in_gib < 1 ? 2 : in_gib < 9.95 ? 1 : 0;
  return fmt::format("{:.{}f} GiB", in_gib, decimals);
}

}  // namespace

std::string row_value(catalog::RowUnit unit, double value) {
  using catalog::RowUnit;
  switch (unit) {
    case RowUnit::flops_per_second: return prefixed(value) + "F";
    case RowUnit::bytes_per_second: return prefixed(value) + "B/s";
    case RowUnit::bytes: return gib_text(value);
    case RowUnit::watts: return fmt::format("{:.0f} W", value);
    case RowUnit::dollars_per_hour: return fmt::format("${:.2f}/h", value);
    case RowUnit::dollars: return fmt::format("${:.0f}", value);
    case RowUnit::flops_per_joule: return prefixed(value) + "F/W";
    case RowUnit::bytes_per_joule: return prefixed(value) + "B/J";
    case RowUnit::flops_per_byte: return fmt::format("{:.0f}", value);
    case RowUnit::flops_per_dollar: return prefixed(value) + "F";
    case RowUnit::bytes_per_dollar: return prefixed(value) + "B";
  }
  return "";
}

std::string ratio_text(double ratio) {
  if (std::abs(ratio - 1) < 0.005) return "level";
  if (ratio < 0.0095) return "1/" + short_count(1 / ratio);
  if (ratio >= 9999.5) return short_count(ratio) + "x";
  return fmt::format("{:.{}f}x", ratio, ratio < 9.995 ? 2 : ratio < 99.95 ? 1 : 0);
}

}  // namespace assay::cli
