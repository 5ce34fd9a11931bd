// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/engine_view.hpp"

#include <fmt/format.h>

#include <vector>

#include "assay/base/check.hpp"
#include "assay/format/format.hpp"

namespace assay::cli {
namespace {

using engine::Figure;

// "~12.3" where it is estimated; "unknown (reason)" where it is not known.
template <typename Write>
std::string figure(const Figure& value, const Write& write) {
  if (!value.value()) return fmt::format("unknown ({})", sample::to_string(value.reason()));
  return (value.state() == sample::State::estimated ? "~" : "") + write(*value.value());
}
std::string plain(double value) {
  if (value >= 1e4) return fmt::format("{:.4g} k", value / 1e3);
  return value == 0 ? "0" : fmt::format("{:.4g}", value);
}
std::string duration(double seconds) {
  return seconds >= 1 ? fmt::format("{:.3g} s", seconds) : fmt::format("{:.3g} ms", seconds * 1e3);
}
std::string usd(double value) {
  return value >= 100 ? fmt::format("${:.0f}", value) : fmt::format("${:.3g}", value);
}

std::string joined(const Style& style, const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items)
    text += fmt::format("{}{}", text.empty() ? "" : style.unicode ? " · " : " | ", item);
  return wrap(text, style.width, 2) + "\n";
}

// By the planner's roofline, of the first device that has it: all share one decode loop.
std::string light_text(const appraise::AppraisedSnapshot& snapshot) {
  for (const std::size_t place : snapshot.engine->devices)
    if (const auto& decode = snapshot.devices[place].decode)
      return fmt::format("; useful {}", format::percent(decode->bridge.useful));
  return "";
}

std::string devices_text(const appraise::AppraisedSnapshot& snapshot) {
  std::string text;
  for (const std::size_t place : snapshot.engine->devices)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", snapshot.devices[place].facts.index);
  return text.empty() ? "no device" : "GPU " + text;
}

}  // namespace

std::string engine_view(const Style& style, const appraise::AppraisedSnapshot& snapshot) {
  CHECK(snapshot.engine.has_value());
  const appraise::EngineBeside& engine = *snapshot.engine;
  const engine::Report& r = engine.report;
  const std::string where = printable(r.url);
  if (!r.trouble.empty())
    return paint(style, Tone::strong, "Engine  " + where) + "\n" +
           paint(style, Tone::warn, wrap(printable(r.trouble), style.width, 2)) + "\n";
  std::string models;
  for (const std::string& model : r.models)
    models += (models.empty() ? "" : ", ") + printable(model);
  std::string out = paint(style, Tone::strong, fmt::format("{}  {}", r.name, where)) + "\n";
  out += joined(style, {models.empty() ? "model unknown" : models,
                        fmt::format("on {}", devices_text(snapshot)),
                        fmt::format("window {:.1f} s", r.window.value())});
  out += joined(style,
                {figure(r.generation_tokens_per_second, plain) + " tokens/s out",
                 figure(r.prompt_tokens_per_second, plain) + " in",
                 "first token " + figure(r.first_token_s, duration),
                 "each next " + figure(r.next_token_s, duration),
                 figure(r.running, plain) + " running", figure(r.waiting, plain) + " waiting",
                 "cache " + figure(r.kv_usage,
                                   [](double v) { return format::percent(Ratio::fraction(v)); })});
  out += paint(style, Tone::strong,
               wrap(fmt::format("a million generated tokens: {}; each takes {}{}",
                                figure(engine.usd_per_million_tokens, usd),
                                figure(engine.joules_per_token,
                                       [](double v) { return fmt::format("{:.3g} J", v); }),
                                light_text(snapshot)),
                    style.width, 2)) +
         "\n";
  if (!engine.no_light.empty())
    out += paint(style, Tone::warn,
                 wrap("useful is unknown: " + printable(engine.no_light), style.width, 2)) +
           "\n";
  return out;
}

}  // namespace assay::cli
