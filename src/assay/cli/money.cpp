// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/money.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <charconv>
#include <cmath>

#include "assay/text/toml_tree.hpp"

namespace assay::cli {
namespace {

constexpr double kMost = 1e15;

double factor_of(char suffix) {
  switch (suffix) {
    case 'k':
    case 'K': return 1e3;
    case 'm':
    case 'M': return 1e6;
    case 'b':
    case 'B': return 1e9;
    default: return 0;
  }
}

}  // namespace

Result<Dollars> parse_money(std::string_view text) {
  const auto refuse = [&] {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("\"{}\" is no amount of money: write a number above 0, such as 1500, "
                             "2.5k, 100M or 1B",
                             text::quoted(text))};
  };
  std::string_view digits = text;
  if (digits.starts_with('$')) digits.remove_prefix(1);
  double factor = 1;
  if (!digits.empty() && factor_of(digits.back()) > 0) {
    factor = factor_of(digits.back());
    digits.remove_suffix(1);
  }
  double value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || end != digits.data() + digits.size()) return refuse();
  value *= factor;
  if (!std::isfinite(value) || value <= 0 || value > kMost) return refuse();
  return Dollars(value);
}

std::string money(Dollars value) {
  double shown = std::abs(value.value());
  std::string_view suffix;
  for (const auto& [least, name] : {std::pair{1e9, " B"}, {1e6, " M"}, {1e4, " k"}}) {
    if (shown < least) continue;
    shown /= least == 1e4 ? 1e3 : least;
    suffix = name;
    break;
  }
  const int decimals = shown < 0.9995 ? 3 : shown < 99.95 ? 2 : shown < 999.5 ? 1 : 0;
  return fmt::format("{}${:.{}f}{}", value < Dollars(0) ? "-" : "", shown, decimals, suffix);
}

CLI::Option* add_money(CLI::App& app, const char* flag, std::optional<Dollars>& target,
                       const std::string& help) {
  return app
      .add_option_function<std::string>(
          flag,
          [&target, flag](const std::string& text) {
            const auto parsed = parse_money(text);
            if (!parsed) {
              throw CLI::ValidationError(fmt::format("{}: {}", flag, parsed.error().message));
            }
            target = *parsed;
          },
          help)
      ->type_name("USD");
}

}  // namespace assay::cli
