// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "assay/format/format.hpp"
#include "assay/format/text.hpp"
#include "assay/tui/views.hpp"

namespace assay::tui {
namespace {

using sample::Presence;

// Widths of the columns that are there; 0: left out for want of room.
struct Widths {
  int name = 0;
  int limiter = 0;
  int bar = 0;
  int history = 0;
  int cause = 0;
};

constexpr int kIndex = 5;
constexpr int kShare = 7;
constexpr int kMoney = 9;

Widths widths(int columns) {
  Widths w;
  int rest = columns - kIndex - 3 * kShare - kMoney - 4;
  w.cause = std::clamp(rest * 9 / 20, 12, 20);
  rest -= w.cause;
  if (columns >= 100) {
    w.name = columns >= 120 ? 22 : 7;
    rest -= w.name + 1;
  }
  if (columns >= 110) {
    w.limiter = 7;
    rest -= w.limiter;
  }
  w.history = columns >= 76 ? std::min(rest / 2, 48) : 0;
  w.bar = rest - w.history - (w.history > 0 ? 1 : 0);
  return w;
}

std::string chip_name(const sample::DeviceFacts& facts, int width) {
  std::string_view name = facts.name;
  for (const std::string_view maker : {"NVIDIA ", "Tesla ", "GeForce "})
    if (name.starts_with(maker)) name.remove_prefix(maker.size());
  if (width < 12) name = name.substr(0, name.find_first_of(" -"));
  return format::printable(name);
}

// "76.3%": tighter than format::percent, for a column. What a device said before it was gone is not
// what it does now.
Span share_cell(const DeviceFrame& device, const sample::Reading<Ratio>& reading, Tone tone) {
  const auto value = reading.value();
  if (!value || device.presence != Presence::ok) return {"?", Tone::warn, kShare, true};
  std::string text = format::percent(*value);
  std::erase(text, ' ');
  if (reading.state() == sample::State::estimated) text.insert(0, "~");
  return {text, tone, kShare, true};
}

Tone tone_of(const sample::Reading<Ratio>& reading) {
  const auto value = reading.value();
  if (!value) return Tone::warn;
  if (value->value() >= 0.6) return Tone::good;
  return value->value() >= 0.2 ? Tone::plain : Tone::bad;
}

Span money_cell(const DeviceFrame& device) {
  const ladder::Cost& cost = device.cost;
  const bool nothing_known =
      !cost.lost && cost.lost_at_least.value_or(DollarsPerHour(0)).value() == 0;
  if (!cost.per_hour || !cost.lost_at_least || nothing_known || device.presence != Presence::ok)
    return {"?", Tone::warn, kMoney, true};
  const double lost = device.cost.lost_at_least->value();
  return {fmt::format("{}${:.2f}", device.cost.lost ? "" : ">", lost),
          lost > 0.5 * device.cost.per_hour->value() ? Tone::bad : Tone::plain, kMoney, true};
}

Span cause_cell(const DeviceFrame& device, const Look& look, int width) {
  const auto fit = [&](std::string_view text, Tone tone) -> Span {
    return {format::fit_left(look.unicode, text, width), tone, width};
  };
  if (device.presence == Presence::lost) return fit("LOST", Tone::bad);
  if (device.presence == Presence::stale) return fit("STALE", Tone::warn);
  if (device.findings.empty()) {
    const ladder::Part largest = ladder::largest_loss(device.ladder.losses);
    const bool any = largest.share.value() && largest.share.value()->value() > 0;
    return fit(any ? short_name(largest.name) : "", Tone::faint);
  }
  const causes::Finding& first = device.findings.front();
  const bool well = first.cause == causes::Cause::healthy;
  return fit(causes::info(first.cause).title, well ? Tone::good : Tone::bad);
}

std::string history(Source& source, std::int64_t position, std::size_t i, const Look& look,
                    int width) {
  std::vector<std::optional<double>> points;
  for (std::int64_t number = position - width + 1; number <= position; ++number) {
    if (number < source.first()) continue;
    const Frame* frame = source.at(number);
    points.push_back(frame != nullptr && i < frame->devices.size() ? best_rung(frame->devices[i])
                                                                   : std::nullopt);
  }
  const std::string blanks(static_cast<std::size_t>(width) - points.size(), ' ');
  return blanks + format::sparkline(look.unicode, points);
}

Row header(Page& page, const Widths& w, const State& state) {
  Row row{.spans = {{" GPU", Tone::plain, kIndex}}, .inverse = true};
  const auto cell = [&](std::string_view text, int width, bool right) {
    if (width > 0) row.spans.push_back({std::string(text), Tone::plain, width, right});
  };
  if (w.name > 0) cell("chip", w.name + 1, false);
  cell("UTIL", kShare, true);
  cell("SM", kShare, true);
  cell("SOL", kShare, true);
  if (w.limiter > 0) cell(" of", w.limiter, false);
  cell("", 1, false);
  cell(w.bar >= 22 ? "where the capacity goes" : "capacity", w.bar, false);
  if (w.history > 0) {
    cell("", 1, false);
    cell(w.history >= 12 ? "SOL, history" : "history", w.history, false);
  }
  cell(!state.worst_first ? "lost/h" : page.look.unicode ? "lost/h▼" : "lost/hv", kMoney, true);
  cell("", 2, false);
  cell("why", w.cause + 1, false);
  page.hit(Hit::What::device_order, 0);
  return row;
}

}  // namespace

int device_rows(std::size_t count, int lines) {
  return lines > 2 && count > static_cast<std::size_t>(lines) ? lines - 1 : lines;
}

void device_table(Page& page, const State& state, Source& source, const Frame& frame,
                  std::span<const std::size_t> order, int lines) {
  const Widths w = widths(page.size.columns);
  page.add(header(page, w, state));
  const std::size_t end = std::min(
      order.size(),
      state.device_top + static_cast<std::size_t>(std::max(device_rows(order.size(), lines), 0)));
  for (std::size_t line = state.device_top; line < end; ++line) {
    const DeviceFrame& device = frame.devices[order[line]];
    const bool chosen = line == state.device;
    const bool marked = chosen && state.focus == Focus::devices;
    const std::string_view mark = marked ? (page.look.unicode ? "▶" : ">") : chosen ? "-" : " ";
    Row row;
    row.spans.push_back({std::string(mark), Tone::note, 1, false, true});
    row.spans.push_back(
        {fmt::format("{:>3} ", device.facts->index), Tone::plain, 4, false, chosen});
    if (w.name > 0)
      row.spans.push_back(
          {format::fit_left(page.look.unicode, chip_name(*device.facts, w.name), w.name) + " ",
           Tone::plain, w.name + 1});
    row.spans.push_back(share_cell(device, device.gpu_util, Tone::faint));
    row.spans.push_back(share_cell(device, device.sm_active, Tone::plain));
    row.spans.push_back(
        share_cell(device, device.ladder.sol.value, tone_of(device.ladder.sol.value)));
    if (w.limiter > 0)
      row.spans.push_back({" " + std::string(device.ladder.sol.limiter == ladder::Limiter::none
                                                 ? ""
                                                 : ladder::to_string(device.ladder.sol.limiter)),
                           Tone::faint, w.limiter});
    row.spans.push_back({" ", Tone::plain, 1});
    for (Span& span : stack(device, page.look, w.bar)) row.spans.push_back(std::move(span));
    if (w.history > 0)
      row.spans.push_back({" " + history(source, state.position, order[line], page.look, w.history),
                           Tone::note, w.history + 1});
    row.spans.push_back(money_cell(device));
    row.spans.push_back({"  ", Tone::plain, 2});
    row.spans.push_back(cause_cell(device, page.look, w.cause));
    page.hit(Hit::What::device, static_cast<std::int64_t>(line));
    page.add(std::move(row));
  }
  if (device_rows(order.size(), lines) == lines) return;
  const std::string above = state.device_top > 0 ? fmt::format(" +{} above {}", state.device_top,
                                                               page.look.unicode ? "↑" : "^")
                                                 : "";
  const std::string below = end < order.size() ? fmt::format(" +{} more {}", order.size() - end,
                                                             page.look.unicode ? "↓" : "v")
                                               : "";
  page.line(above + below, Tone::faint);
}

}  // namespace assay::tui
