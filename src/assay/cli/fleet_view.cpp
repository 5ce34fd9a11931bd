// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "assay/causes/cause.hpp"
#include "assay/cli/fleet_report.hpp"
#include "assay/cli/money.hpp"
#include "assay/format/format.hpp"

namespace assay::cli {

using fleet::Holder;

namespace {

std::string window_text(Seconds window) {
  const double s = window.value();
  if (s >= 86400 && std::fmod(s, 86400) == 0)
    return s == 86400 ? "day" : fmt::format("{:g} days", s / 86400);
  if (s >= 3600) return fmt::format("{:g} h", s / 3600);
  return s >= 60 ? fmt::format("{:g} min", s / 60) : fmt::format("{:g} s", s);
}

// "50 s", "12 min", "3.4 h", "2.5 days"
std::string span_text(Seconds span) {
  const double s = span.value();
  if (s < 100) return fmt::format("{:.0f} s", s);
  if (s < 6000) return fmt::format("{:.0f} min", s / 60);
  return s < 2 * 86400 ? fmt::format("{:.1f} h", s / 3600) : fmt::format("{:.1f} days", s / 86400);
}

std::string hours_text(double hours) {
  return hours >= 1e5 ? fmt::format("{:.3g}k", hours / 1e3)
                      : fmt::format("{:.{}f}", hours,
                                    hours < 9.995   ? 2
                                    : hours < 99.95 ? 1
                                                    : 0);
}

// "+$3.20" or "-1.2 GPU-h".
std::string change_text(bool priced, std::optional<double> known) {
  if (!known) return "unknown";
  const double change = *known;
  if (std::abs(change) < (priced ? 0.0005 : 0.005)) return "no change";
  if (!priced)
    return fmt::format("{}{} GPU-h", change < 0 ? "-" : "+", hours_text(std::abs(change)));
  return (change < 0 ? "" : "+") + money(Dollars(change));
}

std::string share_of(std::optional<double> part, double whole) {
  return part && whole > 0 ? format::percent(Ratio::fraction(std::min(*part / whole, 1.0))) : "-";
}

std::string sparkline(const Style& style, const std::vector<double>& values) {
  static constexpr std::array<std::string_view, 8> kBlocks = {"▁", "▂", "▃", "▄",
                                                              "▅", "▆", "▇", "█"};
  static constexpr std::array<std::string_view, 8> kAscii = {"_", ".", "-", "=",
                                                             "+", "*", "%", "#"};
  const double most = *std::ranges::max_element(values);
  std::string text;
  for (const double value : values) {
    const double level = most > 0 ? value / most * 7.999 : 0;
    const auto index = static_cast<std::size_t>(std::clamp(level, 0.0, 7.0));
    text += style.unicode ? kBlocks[index] : kAscii[index];
  }
  return text;
}

std::string head(const Style& style, const FleetReport& report) {
  const Holder& total = report.account.total;
  std::string out =
      paint(style, Tone::strong, "Fleet  " + printable(report.server)) + "\n" +
      paint(style, Tone::faint,
            wrap(fmt::format("the last {} until {}, by {}; {}", window_text(report.window),
                             format::wall_text(report.at), to_string(report.by),
                             report.names == fleet::Names::assay
                                 ? "as assay serve tells"
                                 : "as dcgm-exporter tells: held and stalled are not told apart"),
                 style.width, 2)) +
      "\n";
  std::string text;
  if (report.by == fleet::By::cause) {
    text = fmt::format("{} GPU-hours have a cause", hours_text(total.hours));
  } else {
    text = fmt::format("{:.0f} GPUs, {} GPU-hours", total.devices.value_or(0),
                       hours_text(total.hours));
    if (total.cost_usd) text += fmt::format(", {}", money(Dollars(*total.cost_usd)));
  }
  if (total.lost_hours)
    text +=
        fmt::format("; lost {}{} GPU-hours ({})", report.by == fleet::By::cause ? "meanwhile " : "",
                    hours_text(*total.lost_hours), share_of(total.lost_hours, total.hours));
  if (total.lost_usd && report.account.priced) text += ", " + money(Dollars(*total.lost_usd));
  if (fleet::change(report.account, total))
    text += fmt::format("; {} against the {} before",
                        change_text(report.account.priced, fleet::change(report.account, total)),
                        window_text(report.window));
  out += paint(style, Tone::strong, wrap(text + ".", style.width, 2)) + "\n";
  if (report.seen < report.window * 0.9)
    out += paint(style, Tone::warn,
                 wrap(fmt::format("the server has only {} of this window; hours are of that alone",
                                  span_text(report.seen)),
                      style.width, 2)) +
           "\n";
  if (report.trend.size() > 1)
    out += fmt::format("  lost $/h {} {}\n", sparkline(style, report.trend),
                       money(Dollars(report.trend.back())));
  return out;
}

// The loss with most hours, and its share of the holder's.
std::string largest_loss(const Holder& holder) {
  const std::pair<const std::string, fleet::Part>* most = nullptr;
  for (const auto& each : holder.parts)
    if (fleet::is_loss(each.first) && each.second.hours > 0 &&
        (most == nullptr || each.second.hours > most->second.hours))
      most = &each;
  if (most == nullptr) return "";
  return fmt::format("{} {}", fleet_part_text(most->first),
                     share_of(most->second.hours, holder.hours));
}

std::string name_of(const FleetReport& report, const Holder& holder) {
  if (holder.key.empty()) return fmt::format("(no {})", to_string(report.by));
  const auto cause =
      report.by == fleet::By::cause ? causes::parse(holder.key) : std::optional<causes::Cause>();
  return cause ? std::string(causes::info(*cause).title) : printable(holder.key);
}

// What is the same for holders and causes: hours, dollars, and how much more than before.
std::string figures(const FleetReport& report, const Holder& holder) {
  return fmt::format("{:>9} {:>10}", holder.lost_usd ? money(Dollars(*holder.lost_usd)) : "unknown",
                     report.account.compared
                         ? change_text(report.account.priced, fleet::change(report.account, holder))
                         : "new");
}

std::string table(const Style& style, const FleetReport& report, std::size_t top) {
  const bool causes = report.by == fleet::By::cause;
  const int width = std::clamp(style.width - 62, 18, 44);
  const std::string title = fit_left(style, to_string(report.by), width);
  std::string out =
      paint(style, Tone::faint,
            causes ? fmt::format("  {} {:>8} {:>9} {:>10}\n", title, "GPU-h", "lost $", "change")
                   : fmt::format("  {} {:>7} {:>8} {:>7} {:>9} {:>10}  {}\n", title, "GPUs",
                                 "GPU-h", "lost", "lost $", "change", "most of it"));
  std::size_t shown = 0;
  for (const Holder& holder : report.account.holders) {
    if (shown++ == top) break;
    const std::string name = fit_left(style, name_of(report, holder), width);
    const std::string hours = hours_text(holder.hours);
    out += causes
               ? fmt::format("  {} {:>8} {}\n", name, hours, figures(report, holder))
               : fmt::format("  {} {:>7.0f} {:>8} {:>7} {}  {}\n", name, holder.devices.value_or(0),
                             hours, share_of(holder.lost_hours, holder.hours),
                             figures(report, holder), largest_loss(holder));
  }
  const std::size_t all = report.account.holders.size();
  if (all > top)
    out += paint(
        style, Tone::faint,
        fmt::format("  and {} more: --top {}, or all with --json or --csv\n", all - top, all));
  return out;
}

std::string moved(const Style& style, const FleetReport& report) {
  const auto movers = fleet::movers(report.account, 5);
  if (movers.empty()) return "";
  std::string text = "moved most:";
  for (const Holder* holder : movers)
    text += fmt::format("{} {} {}", holder == movers.front() ? "" : ";", name_of(report, *holder),
                        change_text(report.account.priced, fleet::change(report.account, *holder)));
  return wrap(text, style.width, 2) + "\n";
}

std::string placed(const Style& style, const FleetReport& report) {
  std::string out;
  for (const Placement& each : report.placements) {
    const fleet::Packing& packing = each.packing;
    std::string text = fmt::format(
        "placement: what {} x {} hold{} would fit on {}{}", packing.devices,
        packing.chip.empty() ? "unknown chip" : printable(packing.chip),
        packing.idle > 0 ? fmt::format(" ({} hold nothing)", packing.idle) : "", each.needed,
        each.optimal ? "" : fmt::format(" (the best found; no fewer than {})", each.at_least));
    if (each.usd_per_hour_saved)
      text += fmt::format(": {} a day less", money(Dollars(*each.usd_per_hour_saved * 24)));
    out += wrap(text + ".", style.width, 2) + "\n";
  }
  if (!report.placements.empty())
    out += paint(style, Tone::faint,
                 wrap("At most 95 % of a device's memory, 80 % of its time and four tenants. "
                      "Tenants of one device slow each other down in cache, bandwidth and clocks, "
                      "which no count of memory and time can tell: try it with one pair first.",
                      style.width, 2)) +
           "\n";
  if (report.devices_unknown > 0)
    out += wrap(fmt::format("{} devices are left out: memory or busy time is not known.",
                            report.devices_unknown),
                style.width, 2) +
           "\n";
  if (!report.no_placement.empty())
    out += paint(style, Tone::warn, wrap("no placement: " + report.no_placement, style.width, 2)) +
           "\n";
  return out;
}

}  // namespace

std::string_view fleet_part_text(std::string_view part) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kTexts = {
      {{"not_held", "nobody holds it"},
       {"idle_held", "held, no kernel"},
       {"idle", "no kernel"},
       {"empty_sms", "SMs empty"},
       {"stalled", "warps stalled"},
       {"overwork", "not asked for"}}};
  for (const auto& [name, text] : kTexts)
    if (name == part) return text;
  return part;
}

std::string what_if_text(const WhatIf& what_if) {
  const std::string_view state = what_if.loss == "idle_held"   ? "held-idle"
                                 : what_if.loss == "not_held"  ? "unheld"
                                 : what_if.loss == "empty_sms" ? "nearly empty"
                                                               : "idle";
  std::string text = what_if.devices == 1
                         ? fmt::format("this {} GPU", state)
                         : fmt::format("these {:.0f} {} GPUs", what_if.devices, state);
  if (!what_if.chip.empty()) text += fmt::format(" ({})", printable(what_if.chip));
  if (!what_if.usd_per_hour) return text + ": price unknown";
  return text + fmt::format(" = {} a day", money(Dollars(*what_if.usd_per_hour * 24)));
}

std::string fleet_view(const Style& style, const FleetReport& report, std::size_t top) {
  std::string out = head(style, report) + "\n" + table(style, report, top) + "\n";
  out += moved(style, report);
  std::size_t told = 0;
  for (const WhatIf& each : report.what_if) {
    if (told++ == 5) break;
    out += wrap("what if: " + what_if_text(each), style.width, 2) + "\n";
  }
  return out + placed(style, report);
}

}  // namespace assay::cli
