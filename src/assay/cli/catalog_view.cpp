// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/catalog_view.hpp"

#include <fmt/format.h>

#include <array>

#include "assay/cli/footnotes.hpp"
#include "assay/format/format.hpp"

namespace assay::cli {

using format::quantity;

namespace {

using catalog::Chip;
using catalog::Dtype;
using catalog::Engine;
using catalog::Figure;

std::string teraflops_text(const catalog::Peak* peak) {
  return peak != nullptr ? fmt::format("{:.4g}", peak->rate.value.value() / 1e12) : "-";
}

std::string price_text(const Chip& chip) {
  if (!chip.rental || !chip.rental->typical) return "-";
  return fmt::format("{:.2f}", chip.rental->typical->value());
}

std::string bandwidth_text(const Chip& chip) {
  const catalog::MemoryTier* memory = chip.device_memory();
  if (memory == nullptr || !memory->bandwidth) return "-";
  return fmt::format("{:.0f}", memory->bandwidth->value.value() / 1e9);
}

std::string capacity_text(const Chip& chip) {
  const catalog::MemoryTier* memory = chip.device_memory();
  if (memory == nullptr || !memory->capacity) return "-";
  const double in_gib = memory->capacity->value / gib(1);
  return fmt::format("{:.{}f}", in_gib, in_gib < 0.95 ? 2 : in_gib < 9.5 ? 1 : 0);
}

constexpr std::array kKinds{catalog::ChipKind::gpu,  catalog::ChipKind::apu,
                            catalog::ChipKind::cpu,  catalog::ChipKind::asic,
                            catalog::ChipKind::fpga, catalog::ChipKind::cim};

// The sheet of one chip: a line a figure, each with its source's number.
class Sheet {
 public:
  Sheet(const Style& style, const Chip& chip) : style_(style), chip_(chip) {}

  void add(std::string_view label, std::string_view value, std::size_t source,
           catalog::Confidence confidence) {
    const std::string mark =
        confidence == catalog::Confidence::verified
            ? fmt::format("[{}]", source + 1)
            : fmt::format("[{}] {}", source + 1, catalog::to_string(confidence));
    text_ += fmt::format("  {}{}  {}\n", fit_left(style_, label, style_.width >= 76 ? 28 : 24),
                         fit_left(style_, value, style_.width >= 76 ? 24 : 18),
                         paint(style_, Tone::faint, mark));
  }
  template <typename T>
  void add(std::string_view label, const std::optional<Figure<T>>& figure, std::string_view value) {
    if (figure) add(label, value, figure->source, figure->confidence);
  }
  std::string finish() {
    text_ += "\n  sources\n";
    for (std::size_t i = 0; i < chip_.sources.size(); ++i) {
      const catalog::Source& source = chip_.sources[i];
      text_ += cited(fmt::format("[{}] {}, {}", i + 1, source.title, source.date), source.url,
                     style_.width, 4) +
               "\n";
    }
    return std::move(text_);
  }

 private:
  const Style& style_;
  const Chip& chip_;
  std::string text_;
};

void add_memory(Sheet& sheet, const Chip& chip) {
  const auto size_text = [](const std::optional<Figure<Bytes>>& figure) {
    return figure ? quantity(metric::Unit::bytes, figure->value.value()) : std::string();
  };
  for (const catalog::MemoryTier& tier : chip.memory) {
    sheet.add(tier.technology + " capacity", tier.capacity, size_text(tier.capacity));
    sheet.add(tier.technology + " usable", tier.usable, size_text(tier.usable));
    if (tier.bandwidth)
      sheet.add(tier.technology + " bandwidth", tier.bandwidth,
                quantity(metric::Unit::bytes_per_second, tier.bandwidth->value.value()));
  }
}

void add_peaks(Sheet& sheet, const Chip& chip) {
  for (const catalog::Peak& peak : chip.peaks) {
    std::string value = fmt::format("{:.4g} TFLOP/s", peak.rate.value.value() / 1e12);
    if (peak.clock) value += fmt::format(" @{:.0f}", peak.clock->value() / 1e6);
    std::string label =
        fmt::format("{} {}", catalog::to_string(peak.dtype), catalog::to_string(peak.engine));
    if (peak.accumulator != catalog::Accumulator::unstated)
      label += fmt::format(" (acc {})", catalog::to_string(peak.accumulator));
    sheet.add(label, value, peak.rate.source, peak.rate.confidence);
  }
}

void add_prices(Sheet& sheet, const Chip& chip) {
  const auto range = [](const auto& price) {
    const auto text = [](const auto& value) {
      return value ? fmt::format("{:.{}f}", value->value(), value->value() < 100 ? 2 : 0)
                   : std::string("?");
    };
    if (!price.typical) return fmt::format("${} to {}", text(price.low), text(price.high));
    if (!price.low && !price.high) return "$" + text(price.typical);
    return fmt::format("${} ({} to {})", text(price.typical), text(price.low), text(price.high));
  };
  if (chip.rental)
    sheet.add("rental, an hour", range(*chip.rental), chip.rental->source, chip.rental->confidence);
  if (chip.purchase)
    sheet.add("purchase", range(*chip.purchase), chip.purchase->source, chip.purchase->confidence);
}

}  // namespace

std::string catalog_table(const Style& style, const catalog::Catalog& catalog) {
  const bool wide = style.width >= 80;  // else two columns less
  const auto row = [&](std::string_view id, std::string_view units, std::string_view memory,
                       std::string_view bandwidth, std::string_view fp32, std::string_view half,
                       std::string_view watts, std::string_view price) {
    std::string line = fmt::format("{:<25}", id);
    if (wide) line += fmt::format("{:>6}", units);
    line += fmt::format("{:>6}{:>9}", memory, bandwidth);
    if (wide) line += fmt::format("{:>8}", fp32);
    return line + fmt::format("{:>8}{:>6}{:>6}\n", half, watts, price);
  };
  std::string out = paint(style, Tone::faint,
                          row("chip", "units", "GiB", "GB/s", "fp32 TF", "bf16 TF", "W", "$/h"));
  for (const catalog::ChipKind kind : kKinds) {
    out += paint(style, Tone::strong, catalog::to_string(kind)) + "\n";
    for (const Chip& chip : catalog.all()) {
      if (chip.kind != kind) continue;
      const catalog::Peak* half = chip.peak(Dtype::bf16);
      if (half == nullptr) half = chip.peak(Dtype::fp16);
      out += row(chip.id, chip.units ? fmt::to_string(chip.units->value) : "-", capacity_text(chip),
                 bandwidth_text(chip), teraflops_text(chip.peak(Dtype::fp32, Engine::vector)),
                 teraflops_text(half),
                 chip.tdp ? fmt::format("{:.0f}", chip.tdp->value.value()) : "-", price_text(chip));
    }
  }
  return out +
         paint(style, Tone::faint,
               wrap("Dense peaks, never sparse ones; fp16 where a chip has no bf16. Memory: the "
                    "fastest tier. `assay catalog show CHIP` gives each figure's source, `assay "
                    "compare A B` two side by side.",
                    style.width, 0)) +
         "\n";
}

std::string chip_view(const Style& style, const Chip& chip) {
  Sheet sheet(style, chip);
  if (chip.units) sheet.add(chip.unit + "s", chip.units, fmt::to_string(chip.units->value));
  if (chip.max_clock)
    sheet.add("highest clock", chip.max_clock,
              quantity(metric::Unit::hertz, chip.max_clock->value.value()));
  if (chip.tdp) sheet.add("TDP", chip.tdp, quantity(metric::Unit::watts, chip.tdp->value.value()));
  add_memory(sheet, chip);
  add_peaks(sheet, chip);
  for (const catalog::Link& link : chip.links)
    sheet.add(fmt::format("{} (one way{})", link.name,
                          link.domain ? fmt::format(", {} chips", *link.domain) : ""),
              quantity(metric::Unit::bytes_per_second, link.one_way.value.value()),
              link.one_way.source, link.one_way.confidence);
  add_prices(sheet, chip);
  const bool one_line = columns(chip.name) + 2 + columns(chip.id) <= style.width;
  std::string out = paint(style, Tone::strong, wrap(chip.name, style.width, 0)) +
                    (one_line ? "  " : "\n") + paint(style, Tone::faint, chip.id) + "\n";
  if (!chip.aliases.empty())
    out +=
        paint(style, Tone::faint,
              wrap(fmt::format("also called {}", fmt::join(chip.aliases, ", ")), style.width, 2)) +
        "\n";
  if (!chip.notes.empty()) out += wrap(chip.notes, style.width, 2) + "\n";
  return out + sheet.finish();
}

}  // namespace assay::cli
