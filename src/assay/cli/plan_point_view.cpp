// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "assay/cli/plan_point.hpp"
#include "assay/cli/plan_report.hpp"
#include "assay/format/format.hpp"

namespace assay::cli {

using format::dollars;
using format::percent;
using format::quantity;

namespace {

using plan::Prediction;
using plan::Spread;

constexpr int kLabel = 12;

std::string row(const Style& style, std::string_view label, const std::string& text) {
  const std::string wrapped = wrap(text, style.width, kLabel + 2);
  return "  " + fit_left(style, label, kLabel) +
         wrapped.substr(std::min<std::size_t>(kLabel + 2, wrapped.size())) + "\n";
}

constexpr int kRoomForInterval = 84;

int figure_width(const Style& style) { return style.width < kRoomForInterval ? 10 : 11; }

// A row of a table; what is behind it takes a line of its own where the terminal is narrow.
std::string figures(const Style& style, std::string_view label, const std::string& text,
                    const std::string& behind) {
  const std::string start = "  " + fit_left(style, label, kLabel) + text;
  if (behind.empty()) return start + "\n";
  const std::string gap =
      style.width < kRoomForInterval ? "\n" + std::string(kLabel + 5, ' ') : "   ";
  return start + gap + paint(style, Tone::faint, behind) + "\n";
}

std::string latency(const Style& style, std::string_view label, const Spread& spread,
                    const plan::Interval* interval) {
  std::string text;
  for (const Seconds time : {spread.mean, spread.p50, spread.p95, spread.p99})
    text += fit_right(duration_text(time), figure_width(style));
  std::string within;
  if (interval != nullptr)
    within = fmt::format("{} to {}", duration_text(Seconds(interval->lo)),
                         duration_text(Seconds(interval->hi)));
  return figures(style, label, text, within);
}

std::string latencies(const Style& style, const Prediction& prediction) {
  std::string heads;
  for (const char* head : {"mean", "p50", "p95", "p99"})
    heads += fit_right(head, figure_width(style));
  std::string out = paint(style, Tone::faint, figures(style, "", heads, "90 % of the means"));
  out += latency(style, "TTFT", prediction.ttft, &prediction.ttft_interval);
  if (prediction.tpot) out += latency(style, "TPOT", *prediction.tpot, &prediction.tpot_interval);
  return out + latency(style, "request", prediction.e2e, nullptr);
}

std::string money(const Style& style, const Prediction& prediction, const PlannedChip& chip) {
  if (!prediction.cost)
    return row(style, "cost", "unknown: the catalog has no price; --price USD gives one");
  const plan::TokenPrice& cost = *prediction.cost;
  const std::string source =
      chip.price_date.empty() ? chip.price_source : "price of " + chip.price_date;
  return row(style, "cost",
             fmt::format("${:.2f} a million tokens out ({:.2f} to {:.2f})", cost.output_all.value(),
                         prediction.cost_interval.lo, prediction.cost_interval.hi)) +
         row(style, "",
             fmt::format("or ${:.3f} in + ${:.2f} out; {}, {}", cost.input.value(),
                         cost.output.value(), dollars(*prediction.price), source));
}

std::string energy(const Style& style, const Prediction& prediction) {
  if (!prediction.power) return row(style, "energy", "unknown: the catalog has no TDP");
  const plan::EnergyShare& share = prediction.energy_share;
  return row(style, "energy",
             fmt::format("{}, {:.2f} J a token: moving data {}, arithmetic {}, standing {}",
                         watts_text(*prediction.power), prediction.per_token->value(),
                         percent(Ratio::fraction(share.moving_data)),
                         percent(Ratio::fraction(share.arithmetic)),
                         percent(Ratio::fraction(share.standing))));
}

std::string memory(const Style& style, const Point& point) {
  const auto bytes = [](Bytes value) { return quantity(metric::Unit::bytes, value.value()); };
  std::string text = fmt::format("weights {} ({} a chip), cache {} a token in {}",
                                 bytes(point.weights), bytes(point.memory.weights_per_chip),
                                 bytes(point.memory.kv_per_token), to_string(point.memory.kv));
  if (point.memory.kv_tokens >= 1)
    text += fmt::format(", room for {:.0f}k tokens a replica", point.memory.kv_tokens / 1e3);
  std::string out = row(style, "memory", text);
  const std::vector<Point::Held> tiers = held(point);
  if (tiers.size() < 2) return out;
  for (const Point::Held& tier : tiers)
    out += row(style, "",
               fmt::format("{}: {} of weights, {} of cache of {}", tier.technology,
                           bytes(tier.weights), bytes(tier.cache), bytes(tier.capacity)));
  return out;
}

std::string time_shares(const Style& style, const Prediction& prediction) {
  const plan::TimeShare& time = prediction.time_share;
  const std::array<std::pair<std::string_view, double>, 5> parts{{{"weights", time.weights},
                                                                  {"cache", time.kv},
                                                                  {"arithmetic", time.compute},
                                                                  {"links", time.collective},
                                                                  {"overhead", time.overhead}}};
  std::string out;
  for (const auto& [name, share] : parts)
    out += "  " + fit_left(style, name, kLabel) + bar(style, share, style.width - kLabel - 14) +
           fit_right(percent(Ratio::fraction(share)), 9) + "\n";
  return out;
}

std::string what_if(const Style& style, const Point& point) {
  std::string text;
  for (const plan::WhatIf& change : point.what_if)
    if (change.cost_change)
      text += fmt::format("{}{} {:+.1f} %", text.empty() ? "" : ", ",
                          resource_word(change.resource), *change.cost_change * 100);
  return row(style, "+10 % buys", text + " on the price of a token");
}

}  // namespace

std::string point_view(const Style& style, const Point& point) {
  const std::string sep = style.unicode ? " · " : " | ";
  std::string out =
      paint(style, Tone::strong,
            fmt::format("{} on {} x {}", point.model, point.chips(), point.chip.name)) +
      "\n" +
      paint(style, Tone::faint,
            wrap(fmt::format("{1}{0}{2}{3}{0}{4}{0}{5:g} in, {6:g} out{0}{7}{0}{8}", sep,
                             point.precision, layout_text(point.parallel),
                             point.replicas > 1 ? fmt::format(" x {}", point.replicas) : "",
                             point.engine, point.in, point.out, point.load,
                             point.simulated ? "simulated" : "closed form"),
                 style.width, 2)) +
      "\n\n";
  if (!point.prediction) return out + memory(style, point);
  const Prediction& prediction = *point.prediction;
  out += latencies(style, prediction) + "\n";
  out += row(style, "output",
             fmt::format("{:.0f} tokens/s, {:.3g} requests/s, {:.0f} sequences decode at once",
                         prediction.output_tokens_per_second, prediction.requests_per_second,
                         prediction.batch));
  out += money(style, prediction, point.chip) + energy(style, prediction) + memory(style, point);
  out += row(style, "bound by",
             fmt::format("{} ({})", resource_word(prediction.bottleneck),
                         roofline::to_string(prediction.provenance)));
  return out + what_if(style, point) + "\n" + time_shares(style, prediction);
}

}  // namespace assay::cli
