// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/run_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "assay/cli/device_view.hpp"
#include "assay/cli/kernel_name.hpp"
#include "assay/format/format.hpp"
#include "assay/kernels/ranking.hpp"

namespace assay::cli {

using format::quantity;

namespace {

// "12.3 s", "4.56 ms", "789 us", "12 ns": three figures.
std::string time_text(Seconds time) {
  const double s = time.value();
  if (s == 0) return "0";
  constexpr std::array<std::pair<double, std::string_view>, 4> kUnits = {
      {{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}}};
  for (const auto& [unit, word] : kUnits) {
    if (s < unit * 0.9995 && unit > 1e-9) continue;
    const double value = s / unit;
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f} {}", value, unit == 1e-9 ? 0 : decimals, word);
  }
  return "0";
}

std::string count_text(double n) {
  if (n < 99'999.5) return fmt::format("{:.0f}", n);
  if (n < 99'999'500) return fmt::format("{:.0f}k", n / 1e3);
  return fmt::format("{:.0f}M", n / 1e6);
}

// "1 launch", "230k launches".
std::string counted(double n, std::string_view one, std::string_view many) {
  const std::string text = count_text(n);
  return fmt::format("{} {}", text, text == "1" ? one : many);
}

// Whole numbers as such as far as they are exact.
std::string tokens_text(double n) {
  return n < 1e15 ? fmt::format("{:.0f}", n) : fmt::format("{:.3g}", n);
}

std::string shape_text(const std::array<std::uint32_t, 3>& shape) {
  if (shape[2] > 1) return fmt::format("{}x{}x{}", shape[0], shape[1], shape[2]);
  if (shape[1] > 1) return fmt::format("{}x{}", shape[0], shape[1]);
  return fmt::format("{}", shape[0]);
}

std::string share_text(double share) {
  if (share == 0) return "0";
  return share < 0.0995 ? fmt::format("{:.1f}%", share * 100) : fmt::format("{:.0f}%", share * 100);
}

std::string kib_text(std::uint32_t bytes) { return fmt::format("{:.3g}K", bytes / 1024.0); }

struct Columns {
  std::string wasted, total, launches, grid, block, registers, shared, occupancy, waves, tail, gap;
};

Columns columns_of(const kernels::Blame& blame) {
  const sample::KernelSignature& s = blame.row->signature;
  Columns c{.wasted = blame.wasted ? time_text(*blame.wasted) : "?",
            .total = time_text(blame.total),
            .launches = count_text(blame.launches),
            .grid = s.whole_graph ? "" : shape_text(s.grid),
            .block = s.whole_graph ? "" : shape_text(s.block),
            .registers = s.whole_graph ? "" : fmt::format("{}", s.registers),
            .shared = s.whole_graph ? "" : kib_text(s.static_shared + s.dynamic_shared),
            .occupancy = "?",
            .waves = "?",
            .tail = "?",
            .gap = time_text(blame.gap)};
  if (!blame.fill) return c;
  c.occupancy = share_text(blame.fill->occupancy.value());
  c.waves = blame.fill->waves < 0.01 ? "<0.01" : fmt::format("{:.3g}", blame.fill->waves);
  c.tail = share_text(blame.fill->tail_loss.value());
  return c;
}

// From here on all columns fit in one line, and the name keeps two dozen. Narrower ones, and pipes
// whose width nobody knows, get a second line a kernel: nothing is left out.
constexpr int kOneLine = 120;

std::string row_text(const Style& style, const Columns& c, std::string_view name) {
  std::string line =
      fmt::format("{:>9}{:>9}{:>10}{:>12}{:>7}", c.wasted, c.total, c.launches, c.grid, c.block);
  if (style.width >= kOneLine)
    line += fmt::format("{:>7}{:>7}{:>6}{:>7}{:>8}{:>9}", c.waves, c.occupancy, c.tail, c.registers,
                        c.shared, c.gap);
  return line + "  " + fit_left(style, name, style.width - columns(line) - 2);
}

std::string second_line(const Style& style, const Columns& c) {
  if (style.width >= kOneLine) return "";
  std::string text;
  if (!c.registers.empty())  // not the launch of a whole graph
    text = fmt::format("waves {}, occup. {}, tail {}, {} regs, {} shared, ", c.waves, c.occupancy,
                       c.tail, c.registers, c.shared);
  return paint(style, Tone::faint, wrap(text + "gap " + c.gap, style.width, 4)) + "\n";
}

std::string table_title(const sample::KernelTable& table) {
  const double launches = static_cast<double>(table.launches) * table.scale;
  std::string title =
      fmt::format("{} of {}", counted(launches, "launch", "launches"),
                  counted(static_cast<double>(table.rows.size()), "kernel", "kernels"));
  if (table.bursts > 0)
    title += fmt::format(", estimated from {}, {:.1f} % of the time",
                         counted(static_cast<double>(table.bursts), "burst", "bursts"),
                         100 / table.scale);
  if (table.lost > 0)
    title +=
        fmt::format("; {} lost", counted(static_cast<double>(table.lost), "record", "records"));
  return title;
}

std::string error_note(const sample::KernelTable& table) {
  double error = 0;
  double total = 0;
  for (const sample::KernelRow& row : table.rows) {
    total += row.total.value() * table.scale;
    if (row.total_error) error = std::hypot(error, row.total_error->value());
  }
  if (table.bursts < 2) return "";
  return fmt::format("  all kernels together: {} +- {} (one standard error)\n",
                     time_text(Seconds(total)), time_text(Seconds(error)));
}

std::string copies_text(const sample::KernelTable& table) {
  constexpr std::array<std::string_view, sample::kCopyKinds> kWords = {
      "host to device", "device to host", "device to device", "peer to peer",
      "host to host",   "memset",         "other copies"};
  std::string out;
  for (std::size_t i = 0; i < sample::kCopyKinds; ++i) {
    const sample::CopyTotal& total = table.copies[i];
    if (total.count == 0) continue;
    out += fmt::format("{}{} {} in {} ({}x)", out.empty() ? "" : ", ", kWords[i],
                       quantity(metric::Unit::bytes, total.bytes.value() * table.scale),
                       time_text(total.time * table.scale),
                       count_text(static_cast<double>(total.count) * table.scale));
  }
  if (table.synchronizations > 0)
    out += fmt::format("{}host waited {} in {}", out.empty() ? "" : "; ",
                       time_text(table.synchronizing * table.scale),
                       counted(static_cast<double>(table.synchronizations) * table.scale,
                               "synchronization", "synchronizations"));
  return out;
}

std::string headline(const Style& style, const RunReport& report) {
  std::string out = fmt::format("{}: exit {}, {}", printable(report.command), report.exit_code,
                                time_text(report.wall));
  if (!report.devices.devices.empty())
    out += fmt::format(" on {} device{}", report.devices.devices.size(),
                       report.devices.devices.size() == 1 ? "" : "s");
  if (report.energy) out += fmt::format(", {:.4g} J", report.energy->value());
  if (report.cost) out += fmt::format(", ${:.4g}", report.cost->value());
  if (report.tokens) out += fmt::format(", {} tokens", tokens_text(*report.tokens));
  if (report.per_million_tokens)
    out += fmt::format(", ${:.4g} per million tokens", report.per_million_tokens->value());
  if (!report.peak.empty()) out += fmt::format("; useful measured by {}", report.peak);
  return paint(style, Tone::strong, wrap(out, style.width, 0)) + "\n";
}

}  // namespace

std::string kernels_view(const Style& style, const sample::KernelTable& table, int top) {
  if (table.rows.empty()) return "";
  std::string out = paint(style, Tone::strong, table_title(table)) + "\n";
  const Columns head{"wasted", "total",  "launches", "grid", "block", "regs",
                     "shared", "occup.", "waves",    "tail", "gap"};
  out += paint(style, Tone::faint, row_text(style, head, "kernel")) + "\n";
  const auto order = kernels::ranked(table);
  const std::size_t shown = std::min(order.size(), static_cast<std::size_t>(std::max(top, 0)));
  for (std::size_t i = 0; i < shown; ++i) {
    const Columns cells = columns_of(order[i]);
    out += row_text(style, cells, printable(short_name(order[i].row->signature.name))) + "\n" +
           second_line(style, cells);
  }
  if (shown < order.size())
    out += fmt::format("  ... and {} more (--top N, --json)\n", order.size() - shown);
  out += error_note(table);
  out +=
      paint(style, Tone::faint,
            wrap("wasted: the kernel's time x the share of SMs without a block of it, all blocks "
                 "taken as equally long",
                 style.width, 2)) +
      "\n";
  if (const std::string copies = copies_text(table); !copies.empty())
    out += wrap(copies, style.width, 2) + "\n";
  return out;
}

std::string run_view(const Style& style, const RunReport& report, int top) {
  std::string out = headline(style, report);
  if (!report.devices.devices.empty())
    out += origin_banner(style, report.devices.origin) + devices_view(style, report.devices) + "\n";
  out += kernels_view(style, report.kernels, top);
  for (const std::string& sentence : report.missing)
    out += paint(style, Tone::warn, wrap("missing: " + sentence, style.width, 2)) + "\n";
  return out;
}

}  // namespace assay::cli
