// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "assay/base/counted.hpp"
#include "assay/cli/diff_report.hpp"
#include "assay/cli/kernel_name.hpp"
#include "assay/format/format.hpp"

namespace assay::cli {
namespace {

using contrast::Change;
using contrast::Claim;
using contrast::Kind;
using contrast::Quantity;

constexpr int kFigure = 10;
constexpr int kNoise = 9;
constexpr std::size_t kKernels = 8;

const Quantity& quantity_of(const Change& change) {
  return contrast::quantities()[change.quantity];
}

bool is_claim(const Change& change) {
  return change.claim == Claim::less || change.claim == Claim::more;
}

std::string figure(Kind kind, double value) {
  switch (kind) {
    case Kind::power: return fmt::format("{:.0f} W", value);
    case Kind::money: return format::dollars(DollarsPerHour(value));
    default: return format::percent(Ratio::fraction(value));
  }
}

// Of shares in points of the device: 12 % to 15 % is 3 points, not a quarter.
std::string difference(Kind kind, double value, bool sign) {
  const double size = std::abs(value);
  const std::string text = kind == Kind::power   ? fmt::format("{:.0f} W", size)
                           : kind == Kind::money ? fmt::format("${:.2f}/h", size)
                                                 : fmt::format("{:.1f} pt", size * 100);
  const bool zero = text.find_first_of("123456789") == std::string::npos;  // as it is rounded
  return (!sign || zero ? "" : value < 0 ? "-" : "+") + text;
}

std::string mean_text(const Style& style, const Quantity& quantity,
                      const std::optional<contrast::Estimate>& of, const DiffSide& side) {
  if (!of) return "unknown";
  const bool at_least = quantity.kind == Kind::money && side.run.money_at_least;
  return (at_least ? style.unicode ? "≥ " : ">=" : "") + figure(quantity.kind, of->mean);
}

// Why a run knows less than its length: "device lost in 11 of 40 windows"; nothing if it doesn't.
std::string gone(const contrast::Run& run) {
  if (run.device_lost + run.device_unanswered == 0) return "";
  std::string text = run.devices.size() > 1 ? "a device " : "device ";
  if (run.device_lost > 0) text += fmt::format("lost in {}", run.device_lost);
  if (run.device_unanswered > 0)
    text += fmt::format("{}without an answer in {}", run.device_lost > 0 ? " and " : "",
                        run.device_unanswered);
  return text + fmt::format(" of {}", counted(run.windows, "window"));
}

std::string claim_text(const Style& style, Claim claim) {
  switch (claim) {
    case Claim::less: return style.unicode ? "▼ less" : "v less";
    case Claim::more: return style.unicode ? "▲ more" : "^ more";
    case Claim::same: return "";
    case Claim::unknown: return "unjudged";
  }
  return "";
}

// More of a loss, of a cause of it or of money lost is bad; more of a rung is good; of power,
// neither.
Tone tone_of(const Change& change) {
  if (change.claim == Claim::unknown) return Tone::faint;
  if (!is_claim(change)) return Tone::plain;
  const bool more = change.claim == Claim::more;
  const Quantity& quantity = quantity_of(change);
  if (quantity.kind == Kind::power || quantity.id == "gpu_util") return Tone::strong;
  const bool good = quantity.kind == Kind::rung || quantity.id == "healthy";
  return more == good ? Tone::good : Tone::bad;
}

// What three figures, the noise and "unjudged" leave.
int title_width(const Style& style) {
  return std::min(30, style.width - 3 * kFigure - kNoise - 13);
}

std::string line(const Style& style, const DiffReport& report, const Change& change) {
  const Quantity& quantity = quantity_of(change);
  const bool both = change.a && change.b;
  const bool judged = change.claim != Claim::unknown;
  const int title = title_width(style);
  const std::string text = fmt::format(
      "  {}{}{}{}{}  {}", fit_left(style, quantity.title, title),
      fit_right(mean_text(style, quantity, change.a, report.a), kFigure),
      fit_right(mean_text(style, quantity, change.b, report.b), kFigure),
      fit_right(both ? difference(quantity.kind, change.change, true) : "", kFigure + 1),
      fit_right(judged
                    ? (style.unicode ? "±" : "+-") + difference(quantity.kind, change.margin, false)
                    : "",
                kNoise),
      claim_text(style, change.claim));
  return paint(style, tone_of(change), text) + "\n";
}

std::string header(const Style& style) {
  const int title = title_width(style);
  return paint(style, Tone::faint,
               fmt::format("  {}{}{}{}{}", fit_left(style, "", title), fit_right("A", kFigure),
                           fit_right("B", kFigure), fit_right("change", kFigure + 1),
                           fit_right("noise", kNoise))) +
         "\n";
}

std::string section(const Style& style, const DiffReport& report, Kind kind,
                    std::string_view name) {
  std::string lines;
  for (const Change& change : report.changes)
    if (quantity_of(change).kind == kind) lines += line(style, report, change);
  return lines.empty() ? lines : paint(style, Tone::strong, name) + "\n" + lines;
}

std::string side(const Style& style, std::string_view letter, const DiffSide& of) {
  const std::string simulated = of.recorded.kind == sample::OriginKind::simulation
                                    ? fmt::format(" of SIMULATED {}", printable(of.recorded.name))
                                    : "";
  return wrap(fmt::format("{}  {}{}: {} to {}, {} over {:.0f} s, {}", letter, printable(of.name),
                          simulated, format::wall_text(of.from),
                          format::wall_text(of.to).substr(11), counted(of.run.windows, "window"),
                          of.run.length.value(), counted(of.run.devices.size(), "device")),
              style.width, 0) +
         "\n";
}

std::string launch_text(const std::optional<KernelTotal>& kernel) {
  if (!kernel || kernel->launches == 0) return "-";
  const double each = kernel->total_s / static_cast<double>(kernel->launches);
  if (each < 1e-3) return fmt::format("{:.1f} us", each * 1e6);
  return each < 1 ? fmt::format("{:.2f} ms", each * 1e3) : fmt::format("{:.2f} s", each);
}

std::string total_text(const std::optional<KernelTotal>& kernel) {
  return kernel ? fmt::format("{:.2f} s", kernel->total_s) : "-";
}

std::string kernels(const Style& style, const DiffReport& report) {
  if (report.kernels.empty()) return "";
  std::string out = paint(style, Tone::strong, "kernels: a launch, and in total") + "\n";
  const int name = std::max(style.width - 4 * kFigure - 14, 20);
  for (std::size_t i = 0; i < std::min(report.kernels.size(), kKernels); ++i) {
    const KernelPair& pair = report.kernels[i];
    out += fmt::format(
        "  {}{}{}{}{}  {}\n",
        fit_left(style, printable(demangled(pair.a ? pair.a->name : pair.b->name)), name),
        fit_right(launch_text(pair.a), kFigure), fit_right(launch_text(pair.b), kFigure),
        fit_right(total_text(pair.a), kFigure), fit_right(total_text(pair.b), kFigure),
        pair.claim == Claim::more   ? "each slower"
        : pair.claim == Claim::less ? "each faster"
                                    : "");
  }
  return out;
}

std::string footnote(const Style& style) {
  return paint(
             style, Tone::faint,
             wrap(fmt::format("A claim is made where windows as noisy as these, and as alike as "
                              "neighbours are, would show such a difference by chance in under "
                              "{:.0f} % of comparisons, all lines together, and where it is more "
                              "than 0.5 pt, 5 W or $0.02/h. Shares and $/h are of one device, the "
                              "mean of all.",
                              contrast::kError * 100),
                  style.width, 0)) +
         "\n";
}

std::string told(const Change& change) {
  const Quantity& quantity = quantity_of(change);
  return fmt::format("\"{}\"{} went from {} to {}", quantity.title,
                     quantity.kind == Kind::cause ? " as the first cause" : "",
                     figure(quantity.kind, change.a->mean), figure(quantity.kind, change.b->mean));
}

// Money of which a run knows only the least: more windows would not tell more.
bool only_bounded(const DiffReport& report, const Change& change) {
  return quantity_of(change).kind == Kind::money &&
         (report.a.run.money_at_least || report.b.run.money_at_least);
}

// What could not be judged and by its size would be worth telling: how many lines, the largest of
// them.
std::string unjudged(const DiffReport& report) {
  std::vector<const Change*> lines;
  for (const Change& change : report.changes)
    if (change.claim == Claim::unknown && change.a && change.b && !only_bounded(report, change) &&
        std::abs(change.change) >= quantity_of(change).least)
      lines.push_back(&change);
  if (lines.empty()) return "";
  std::vector<const Change*> shares = lines;  // those that can be put in order of their size
  std::erase_if(shares, [](const Change* change) {
    const Kind kind = quantity_of(*change).kind;
    return kind == Kind::power || kind == Kind::money;
  });
  std::ranges::stable_sort(shares, std::greater<>{},
                           [](const Change* change) { return std::abs(change->change); });
  std::string out = fmt::format("Too few independent windows to judge {} line{}", lines.size(),
                                lines.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::min<std::size_t>(shares.size(), 2); ++i)
    out += (i == 0 ? ": unjudged, " : " and ") + told(*shares[i]);
  return out + ". Record longer, or with a shorter --period.";
}

std::string claims(const DiffReport& report) {
  const Change* money = nullptr;
  const Change* largest = nullptr;  // a loss goes before a rung, a rung before a cause
  const auto rank = [](const Change& change) {
    const Kind kind = quantity_of(change).kind;
    return kind == Kind::loss ? 3 : kind == Kind::rung ? 2 : kind == Kind::cause ? 1 : 0;
  };
  for (const Change& change : report.changes) {
    if (!is_claim(change)) continue;
    if (quantity_of(change).kind == Kind::money) money = &change;
    else if (largest == nullptr || std::pair(rank(change), std::abs(change.change)) >
                                       std::pair(rank(*largest), std::abs(largest->change)))
      largest = &change;
  }
  if (money == nullptr && largest == nullptr) return "";
  if (money == nullptr) return "In B, " + told(*largest) + ".";
  std::string text = fmt::format("A device of B loses {} {} than one of A",
                                 difference(Kind::money, std::abs(money->change), false),
                                 money->change > 0 ? "more" : "less");
  if (largest != nullptr) text += ": " + told(*largest);
  return text + ".";
}

}  // namespace

std::string diff_headline(const DiffReport& report) {
  std::string out;
  for (const auto& [letter, side] : {std::pair("A", &report.a), std::pair("B", &report.b)})
    if (const std::string text = gone(side->run); !text.empty())
      out += fmt::format("{}: {}. ", letter, text);
  const std::string told = claims(report);
  const std::string open = unjudged(report);
  if (!told.empty()) return out + (open.empty() ? told : told + " " + open);
  if (!open.empty()) return out + open;
  return fmt::format("{}Nothing {}changed that the noise of the windows allows to tell.", out,
                     out.empty() ? "" : "else ");
}

std::string diff_view(const Style& style, const DiffReport& report) {
  std::string out = side(style, "A", report.a) + side(style, "B", report.b) + "\n";
  out += paint(style, Tone::strong, wrap(diff_headline(report), style.width, 0)) + "\n\n";
  out += header(style);
  out += section(style, report, Kind::rung, "rungs");
  out += section(style, report, Kind::loss, "where it goes");
  out += section(style, report, Kind::cause, "why (share of the time that it was the first cause)");
  out += section(style, report, Kind::power, "power");
  out += section(style, report, Kind::money, "money");
  return out + kernels(style, report) + "\n" + footnote(style);
}

}  // namespace assay::cli
