// SPDX-License-Identifier: Apache-2.0
#include "assay/format/figure.hpp"

#include <fmt/format.h>

#include "assay/format/format.hpp"

namespace assay::format {

std::string figure(const sample::Reading<double>& value, std::string (*write)(double)) {
  if (!value.value()) return fmt::format("unknown ({})", sample::to_string(value.reason()));
  return (value.state() == sample::State::estimated ? "~" : "") + write(*value.value());
}

std::string plain_number(double value) {
  if (value >= 1e4) return fmt::format("{:.4g} k", value / 1e3);
  return value == 0 ? "0" : fmt::format("{:.4g}", value);
}

std::string duration_text(double seconds) {
  return seconds >= 1 ? fmt::format("{:.3g} s", seconds) : fmt::format("{:.3g} ms", seconds * 1e3);
}

std::string usd_text(double value) {
  return value >= 100 ? fmt::format("${:.0f}", value) : fmt::format("${:.3g}", value);
}

std::string joules_text(double value) { return fmt::format("{:.3g} J", value); }

std::string share_text(double fraction) { return percent(Ratio::fraction(fraction)); }

}  // namespace assay::format
