// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/engine_view.hpp"

#include <fmt/format.h>

#include <vector>

#include "assay/appraise/serving.hpp"
#include "assay/base/check.hpp"
#include "assay/format/figure.hpp"
#include "assay/format/format.hpp"

namespace assay::cli {
namespace {

using format::figure;

std::string joined(const Style& style, const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items)
    text += fmt::format("{}{}", text.empty() ? "" : style.unicode ? " · " : " | ", item);
  return wrap(text, style.width, 2) + "\n";
}

std::string light_text(const appraise::AppraisedSnapshot& snapshot) {
  const auto useful = appraise::engine_useful(snapshot);
  return useful ? "; useful " + format::percent(*useful) : std::string();
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
                        "on " + appraise::engine_devices_text(snapshot),
                        fmt::format("window {:.1f} s", r.window.value())});
  out +=
      joined(style, {figure(r.generation_tokens_per_second, format::plain_number) + " tokens/s out",
                     figure(r.prompt_tokens_per_second, format::plain_number) + " in",
                     "first token " + figure(r.first_token_s, format::duration_text),
                     "each next " + figure(r.next_token_s, format::duration_text),
                     figure(r.running, format::plain_number) + " running",
                     figure(r.waiting, format::plain_number) + " waiting",
                     "cache " + figure(r.kv_usage, format::share_text)});
  out += paint(style, Tone::strong,
               wrap(fmt::format("a million generated tokens: {}; each takes {}{}",
                                figure(engine.usd_per_million_tokens, format::usd_text),
                                figure(engine.joules_per_token, format::joules_text),
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
