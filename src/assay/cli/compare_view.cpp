// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/compare_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assay/cli/claim_view.hpp"
#include "assay/cli/compare_meaning.hpp"
#include "assay/cli/footnotes.hpp"

namespace assay::cli {
namespace {

using catalog::Better;
using catalog::Cell;
using catalog::Row;

constexpr int kCellWidth = 20;  // "2.25 PF   1.50x [12]" and a blank

// How the table is cut: chips side by side as the width allows, the rest below.
struct Layout {
  int label;
  int cell;
  std::size_t per_block;

  Layout(const Style& style, std::size_t chips)
      : label(style.width < 80 ? 19 : 20), cell(kCellWidth), per_block(chips) {
    const int room = style.width - label;
    const auto fit = static_cast<std::size_t>(std::max(1, room / kCellWidth));
    per_block = std::min(chips, fit);
    cell = std::min(28, room / static_cast<int>(per_block));
  }
};

Tone tone_of(const Row& row, double ratio) {
  if (row.better == Better::neither || (ratio > 0.995 && ratio < 1.005)) return Tone::plain;
  return (ratio > 1) == (row.better == Better::more) ? Tone::good : Tone::bad;
}

std::string cell_text(const Style& style, const Row& row, std::size_t chip, int width,
                      Footnotes& notes) {
  const Cell& cell = row.cells[chip];
  if (!cell.value) return fit_left(style, "  -", width);
  std::string text = fit_right(row_value(row.unit, *cell.value), 9);
  const bool against_first = chip > 0 && cell.ratio.has_value();
  const std::string ratio = against_first ? ratio_text(*cell.ratio) : "";
  text += paint(style, against_first ? tone_of(row, *cell.ratio) : Tone::plain,
                fit_right(ratio, width > kCellWidth + 1 ? 7 : 6));
  if (cell.source != nullptr) {
    text += paint(style, Tone::faint, " " + notes.mark(*cell.source, cell.confidence));
  }
  const int used = columns(text);
  return text + std::string(static_cast<std::size_t>(std::max(0, width - used)), ' ');
}

void end_line(std::string& out) {
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += '\n';
}

std::string header(const Style& style, const ChipComparison& comparison, const Layout& layout,
                   std::size_t from, std::size_t to) {
  std::string names(static_cast<std::size_t>(layout.label), ' ');
  std::string kinds = names;
  for (std::size_t i = from; i < to; ++i) {
    const catalog::Chip& chip = *comparison.chips[i];
    std::string kind(catalog::to_string(chip.kind));
    if (chip.year) kind += fmt::format(", {}", chip.year->value);
    names += "  " + fit_left(style, chip.id, layout.cell - 3) + " ";
    kinds += "  " + fit_left(style, kind, layout.cell - 2);
  }
  std::string out = paint(style, Tone::strong, names);
  end_line(out);
  out += paint(style, Tone::faint, kinds);
  end_line(out);
  return out;
}

std::string figures(const Style& style, const ChipComparison& comparison, Footnotes& notes) {
  const Layout layout(style, comparison.chips.size());
  std::string out;
  for (std::size_t from = 0; from < comparison.chips.size(); from += layout.per_block) {
    const std::size_t to = std::min(comparison.chips.size(), from + layout.per_block);
    if (from > 0) out += "\n";
    out += header(style, comparison, layout, from, to);
    std::optional<catalog::Aspect> aspect;
    for (const Row& row : comparison.rows) {
      if (aspect != row.aspect) {
        const bool links = row.aspect == catalog::Aspect::links;
        out +=
            paint(style, Tone::faint,
                  fmt::format("{}{}", catalog::to_string(row.aspect), links ? ", one way" : "")) +
            "\n";
      }
      aspect = row.aspect;
      out += fit_left(style, fmt::format("  {}", row.label), layout.label);
      for (std::size_t i = from; i < to; ++i) {
        out += cell_text(style, row, i, layout.cell, notes);
      }
      end_line(out);
    }
  }
  return out;
}

std::string heading(const Style& style, std::string_view text) {
  return "\n" + paint(style, Tone::strong, text) + "\n";
}

std::string traps(const Style& style, const ChipComparison& comparison) {
  std::string out;
  for (const catalog::Chip* chip : comparison.chips) {
    if (chip->notes.empty()) continue;
    out += wrap(fmt::format("{}: {}", chip->id, chip->notes), style.width, 2) + "\n";
  }
  return out;
}

}  // namespace

std::string compare_text(const Style& style, const ChipComparison& comparison) {
  Footnotes notes;
  std::string out = figures(style, comparison, notes);
  if (comparison.chips.size() > 1) {
    out += heading(style, fmt::format("what it means, against {}", comparison.chips[0]->id));
    out += meaning_text(style, comparison);
  }
  if (!comparison.models.empty()) {
    out += heading(style, comparison.one_model
                              ? fmt::format("{} on one chip", comparison.models[0].name)
                              : "what fits on one chip, and the KV cache it leaves room for");
    out += models_text(style, comparison);
  }
  if (const std::string said = traps(style, comparison); !said.empty()) {
    out += heading(style, "mind") + said;
  }
  if (!comparison.claims.empty()) {
    out += heading(style, "claims about them, and the evidence");
    out += claims_text(style, comparison.claims, notes);
  }
  return out + heading(style, "sources") + notes.text(style);
}

std::string claims_page(const Style& style, std::span<const catalog::Claim* const> claims) {
  Footnotes notes;
  std::string out = claims_text(style, claims, notes);
  return out + heading(style, "sources") + notes.text(style);
}

}  // namespace assay::cli
