// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/build_or_buy_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assay/cli/compare_view.hpp"
#include "assay/cli/money.hpp"

namespace assay::cli {
namespace {

using catalog::BestChip;
using catalog::RowUnit;
using catalog::Technology;

// "100,000", "3,902".
std::string grouped(double count) {
  std::string digits = fmt::format("{:.0f}", std::ceil(count - 1e-6));
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string chips_text(const std::optional<double>& chips) {
  return chips ? grouped(*chips) : std::string("never");
}

std::string tokens_text(double tokens) {
  const double exponent = std::floor(std::log10(tokens) / 3) * 3;
  return fmt::format("{:.3g} x 10^{:.0f}", tokens / std::pow(10, exponent), exponent);
}

std::string heading(const Style& style, std::string_view text) {
  return "\n" + paint(style, Tone::strong, text) + "\n";
}

// Whose chips are counted is said where they differ.
std::string break_even_text(const plan::BreakEven& result) {
  const std::string bought = grouped(*result.chips);
  const std::string own = result.own_chips ? grouped(*result.own_chips) : bought;
  if (own == bought) return fmt::format("break-even at {} chips", bought);
  return fmt::format("break-even at {} chips of your own, in place of {} bought ones", own, bought);
}

std::string headline(const Style& style, const BuildOrBuyReport& report) {
  const plan::BreakEven& result = report.result;
  const std::string_view alone =
      result.hardware_alone() ? " in hardware (electricity is unknown of one side)" : "";
  if (!result.chips) {
    return paint(style, Tone::bad, "building never pays") + "\n" +
           wrap(fmt::format("Each chip of your own costs {} more{} over its life than the bought "
                            "chip whose work it does, so no number of them earns {} back.",
                            money(-result.saving_per_chip), alone, money(report.input.nre)),
                style.width, 2) +
           "\n";
  }
  std::string out = paint(style, Tone::strong, break_even_text(result)) + "\n";
  out += wrap(fmt::format("{} of development over {} saved a chip{}. A smaller fleet is cheaper "
                          "bought.",
                          money(report.input.nre), money(result.saving_per_chip), alone),
              style.width, 2) +
         "\n";
  if (result.tokens_per_year) {
    out += wrap(fmt::format("A fleet of that size makes {} tokens a year: who serves less should "
                            "buy.",
                            tokens_text(*result.tokens_per_year)),
                style.width, 2) +
           "\n";
  }
  if (result.buy_per_mtok) {
    out += wrap(fmt::format("On bought chips a million tokens cost {} in hardware and electricity.",
                            money(*result.buy_per_mtok)),
                style.width, 2) +
           "\n";
  }
  return out;
}

std::string inputs_text(const Style& style, const BuildOrBuyReport& report) {
  std::string out = heading(style, "reckoned with");
  for (const InputNote& note : report.notes) {
    constexpr int kIndent = 41;
    const std::string head = fmt::format("  {:<25}{:>12}  ", note.name, note.value);
    out += head + paint(style, Tone::faint, wrap(note.from, style.width, kIndent).substr(kIndent)) +
           "\n";
  }
  return out;
}

std::string costs_text(const Style& style, const plan::BreakEven& result) {
  if (!result.buy || !result.build) return "";
  const int label_width = style.width < 70 ? 14 : 22;
  std::string out = heading(style, "a bought chip's work, over its life");
  out += paint(style, Tone::faint,
               fmt::format("  {:<{}}{:>14}{:>14}{:>14}\n", "", label_width, "hardware",
                           "electricity", "sum"));
  const auto known = [](const std::optional<Dollars>& amount) {
    return amount ? money(*amount) : std::string("unknown");
  };
  const auto row = [&](std::string_view label, const plan::Cost& cost) {
    return fmt::format("  {:<{}}{:>14}{:>14}{:>14}\n", label, label_width, money(cost.capital),
                       known(cost.electricity), known(cost.total()));
  };
  return out + row("bought", *result.buy) + row("built", *result.build);
}

std::string sensitivity_text(const Style& style, const BuildOrBuyReport& report) {
  std::string out = heading(style, "bought chips at break-even, an input a fifth less or more");
  out += paint(style, Tone::faint, fmt::format("  {:<22}{:>14}{:>14}\n", "", "-20 %", "+20 %"));
  for (const plan::Sensitivity& row : report.sensitivity) {
    out += fmt::format("  {:<22}{:>14}{:>14}\n", row.input, chips_text(row.chips_if_less),
                       chips_text(row.chips_if_more));
  }
  return out;
}

std::string best_text(const std::optional<BestChip>& best, RowUnit unit, std::string_view per,
                      std::string_view unknown) {
  if (!best) return std::string(unknown);
  return fmt::format("{}{} ({})", row_value(unit, best->value), per, best->chip->id);
}

std::string technologies_text(const Style& style, const BuildOrBuyReport& report) {
  std::string out = heading(style, "the technologies, each by its best chip in the catalog");
  constexpr int kIndent = 10;
  for (const Technology& row : report.technologies) {
    const std::string figures = fmt::format(
        "8-bit work: {}; {}. Bytes read: {}.",
        best_text(row.ops_per_joule, RowUnit::flops_per_joule, "", "no power known"),
        best_text(row.ops_per_dollar, RowUnit::flops_per_second, " a $ of price", "no price known"),
        best_text(row.bytes_per_joule, RowUnit::bytes_per_joule, "", "no power known"));
    const std::string judged =
        fmt::format("Programs: {}. To market: {}.", row.programmability, row.time_to_market);
    out += "  " + paint(style, Tone::strong, fmt::format("{:<8}", catalog::to_string(row.kind))) +
           wrap(figures, style.width, kIndent).substr(kIndent) + "\n";
    out += paint(style, Tone::faint, wrap(judged, style.width, kIndent)) + "\n";
  }
  out +=
      paint(style, Tone::faint,
            wrap("Figures: dense peaks, TDP and prices of the catalog; `assay catalog show CHIP` "
                 "gives the source and date of each. Programs and time to market are judgement "
                 "(after Karl Freund, Forbes, 2017-08-04), not measurement. Money is not "
                 "discounted, and what development risks is not priced.",
                 style.width, 2)) +
      "\n";
  return out;
}

}  // namespace

std::string build_or_buy_text(const Style& style, const BuildOrBuyReport& report) {
  return headline(style, report) + inputs_text(style, report) + costs_text(style, report.result) +
         sensitivity_text(style, report) + technologies_text(style, report);
}

}  // namespace assay::cli
