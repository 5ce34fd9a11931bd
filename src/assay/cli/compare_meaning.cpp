// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/compare_meaning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace assay::cli {
namespace {

using catalog::Row;

// The ratios to the first chip of one chip.
class Ratios {
 public:
  Ratios(const ChipComparison& comparison, std::size_t chip)
      : comparison_(comparison), chip_(chip) {}

  [[nodiscard]] std::optional<double> of(std::string_view row) const {
    const Row* found = catalog::row_of(comparison_.rows, row);
    return found == nullptr ? std::nullopt : found->cells[chip_].ratio;
  }
  // "1.50x in fp4, level in fp8"; empty where none is known.
  [[nodiscard]] std::string list(
      std::initializer_list<std::pair<std::string_view, std::string_view>> rows) const {
    std::string out;
    for (const auto& [row, words] : rows) {
      const auto ratio = of(row);
      if (!ratio) continue;
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", ratio_text(*ratio), words);
    }
    return out;
  }

 private:
  const ChipComparison& comparison_;
  std::size_t chip_;
};

// Cut to the width, but not padded to it.
std::string shortened(const Style& style, std::string_view text, int width) {
  return columns(text) <= width ? std::string(text) : fit_left(style, text, width);
}

std::string line(const Style& style, std::string_view label, std::string_view text) {
  constexpr int kIndent = 12;
  std::string wrapped = wrap(text, style.width, kIndent);
  return "  " + paint(style, Tone::faint, fit_left(style, label, kIndent - 2)) +
         wrapped.substr(kIndent) + "\n";
}

std::string decode_words(const Ratios& ratios) {
  const auto bandwidth = ratios.of("bandwidth");
  if (!bandwidth) return "no bandwidth is known of one of them";
  const std::string what = ratio_text(*bandwidth);
  return fmt::format(
      "{} in bandwidth: while batches are small, a token takes as long as reading its weights",
      what);
}

std::string capacity_words(const ChipComparison& comparison, std::size_t chip, double ratio) {
  std::string words = ratio_text(ratio) +
                      ": weights, and what is left for the KV cache of more or longer sequences";
  const Row* second = catalog::row_of(comparison.rows, "memory_2");
  if (second == nullptr || !second->cells[chip].value) return words;
  return words + fmt::format("; {} more in a slower tier",
                             row_value(second->unit, *second->cells[chip].value));
}

std::string money_words(const Ratios& ratios) {
  const std::string price = ratios.list({{"rental", "an hour"}, {"purchase", "to buy"}});
  const std::string buys = ratios.list({{"bandwidth_per_dollar", "the bytes read (decode)"},
                                        {"half_per_dollar", "the 16-bit work (prefill)"}});
  if (price.empty()) return "";
  return buys.empty() ? price : fmt::format("{}; a rented dollar buys {}", price, buys);
}

std::string tokens_text(double tokens) {
  if (tokens >= 1e6) return fmt::format("{:.3g}M", tokens / 1e6);
  return tokens >= 1e3 ? fmt::format("{:.3g}k", tokens / 1e3) : fmt::format("{:.0f}", tokens);
}

std::string fit_text(const ModelOnChip& on) {
  if (on.kv_room_tokens) return tokens_text(*on.kv_room_tokens) + " tokens";
  if (on.chips_needed && *on.chips_needed > 1) return fmt::format("needs {}", *on.chips_needed);
  return on.chips_needed ? "fits" : "unknown";
}

std::string bound_text(const std::optional<double>& tokens_per_second) {
  return tokens_per_second ? tokens_text(*tokens_per_second) + "/s" : std::string("-");
}

// One row a chip: of the model that was asked for.
std::string one_model_text(const Style& style, const ChipComparison& comparison) {
  const ModelRow& model = comparison.models.front();
  const int label = std::min(24, style.width - 41);
  std::string out = paint(
      style, Tone::faint,
      fmt::format("  {:<{}}{:>13}{:>13}{:>13}\n", "", label, "KV room", "decode <=", "prefill <="));
  for (std::size_t i = 0; i < comparison.chips.size(); ++i) {
    const ModelOnChip& on = model.on[i];
    out += fmt::format("  {}{}{}{}\n", fit_left(style, comparison.chips[i]->id, label),
                       fit_right(fit_text(on), 13),
                       fit_right(bound_text(on.decode_tokens_per_second), 13),
                       fit_right(bound_text(on.prefill_tokens_per_second), 13));
    if (!on.why_not_planned.empty()) {
      out +=
          paint(style, Tone::faint, wrap("no plan: " + on.why_not_planned, style.width, 6)) + "\n";
    }
    if (!on.planned) continue;
    const Planned& plan = *on.planned;
    std::string words = fmt::format("expect TTFT {:.0f} ms, TPOT {:.1f} ms, {} output tokens/s",
                                    plan.ttft.value() * 1e3, plan.tpot.value() * 1e3,
                                    tokens_text(plan.tokens_per_second));
    if (plan.usd_per_mtok) words += fmt::format(", ${:.2f} a million", *plan.usd_per_mtok);
    if (plan.per_token) words += fmt::format(", {:.2f} J a token", plan.per_token->value());
    words +=
        fmt::format(" ({}; bound by {}; {})", plan.configuration, plan.bottleneck, plan.provenance);
    out += wrap(words, style.width, 6) + "\n";
  }
  return out +
         paint(style, Tone::faint,
               wrap(fmt::format(
                        "Weights {:.1f} GB, KV cache {:.0f} bytes a token. Decode: one sequence, "
                        "each active weight read once a token. Prefill: two operations a "
                        "weight and token at the dense peak. No engine beats these bounds.",
                        model.on[0].weights.value() / 1e9, model.on[0].kv_per_token.value()),
                    style.width, 2)) +
         "\n";
}

}  // namespace

std::string meaning_text(const Style& style, const ChipComparison& comparison) {
  std::string out;
  for (std::size_t i = 1; i < comparison.chips.size(); ++i) {
    const Ratios ratios(comparison, i);
    if (comparison.chips.size() > 2) out += comparison.chips[i]->id + "\n";
    const std::string prefill = ratios.list({{"peak_half", "in 16 bits"},
                                             {"peak_fp8", "in fp8"},
                                             {"peak_fp4", "in fp4"},
                                             {"peak_int8", "in int8"}});
    out += line(style, "prefill",
                prefill.empty() ? "they share no dtype with a known dense peak"
                                : prefill +
                                      ": datasheet peaks, which bound a long prompt; engines reach "
                                      "different shares of them");
    out += line(style, "decode", decode_words(ratios));
    if (const auto memory = ratios.of("memory"))
      out += line(style, "capacity", capacity_words(comparison, i, *memory));
    if (const std::string links =
            ratios.list({{"scale_up", "between chips of a node"}, {"scale_out", "between nodes"}});
        !links.empty())
      out += line(style, "links", links);
    if (const std::string power = ratios.list({{"tdp", "at full load"},
                                               {"half_per_watt", "the 16-bit work of a watt"},
                                               {"bandwidth_per_watt", "the bytes of a joule"}});
        !power.empty())
      out += line(style, "power", power);
    if (const std::string money = money_words(ratios); !money.empty())
      out += line(style, "money", money);
  }
  return out;
}

std::string models_text(const Style& style, const ChipComparison& comparison) {
  if (comparison.one_model) return one_model_text(style, comparison);
  constexpr int kLabel = 28;
  constexpr int kCell = 16;
  const auto per_block = static_cast<std::size_t>(std::max(1, (style.width - kLabel) / kCell));
  std::string out;
  for (std::size_t from = 0; from < comparison.chips.size(); from += per_block) {
    const std::size_t to = std::min(comparison.chips.size(), from + per_block);
    std::string head(kLabel, ' ');
    for (std::size_t i = from; i < to; ++i)
      head += fit_right(shortened(style, comparison.chips[i]->id, kCell - 1), kCell);
    out += paint(style, Tone::faint, head) + "\n";
    for (const ModelRow& row : comparison.models) {
      out += fit_left(style,
                      fmt::format("  {} ({:.0f} GB)", row.name, row.on[0].weights.value() / 1e9),
                      kLabel);
      for (std::size_t i = from; i < to; ++i) {
        const bool fits = row.on[i].kv_room_tokens.has_value();
        out +=
            paint(style, fits ? Tone::plain : Tone::faint, fit_right(fit_text(row.on[i]), kCell));
      }
      out += "\n";
    }
  }
  return out;
}

}  // namespace assay::cli
