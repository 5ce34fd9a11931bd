// SPDX-License-Identifier: Apache-2.0
#include "assay/tui/engine_frame.hpp"

#include <fmt/format.h>

#include "assay/appraise/serving.hpp"
#include "assay/format/figure.hpp"
#include "assay/format/format.hpp"
#include "assay/format/text.hpp"

namespace assay::tui {
namespace {

using format::figure;
using format::printable;

std::string light_text(const appraise::AppraisedSnapshot& snapshot) {
  if (const auto useful = appraise::engine_useful(snapshot))
    return "useful " + format::percent(*useful);
  const std::string& why = snapshot.engine->no_light;
  return "useful unknown" + (why.empty() ? std::string() : ": " + printable(why));
}

// "meta-llama/Llama-3.1-8B" without whose it is.
std::string short_model(const std::string& name) {
  return printable(std::string_view(name).substr(name.rfind('/') + 1));
}

}  // namespace

EngineFrame engine_frame(const appraise::AppraisedSnapshot& snapshot) {
  const appraise::EngineBeside& engine = *snapshot.engine;
  const engine::Report& r = engine.report;
  if (!r.trouble.empty()) return {.head = "engine", .trouble = printable(r.trouble)};
  std::string models;
  for (const std::string& model : r.models)
    models += (models.empty() ? "" : ", ") + short_model(model);
  return {.head = fmt::format("{} {} on {}", r.name, models.empty() ? "(model unknown)" : models,
                              appraise::engine_devices_text(snapshot)),
          .trouble = {},
          .flow = {figure(r.generation_tokens_per_second, format::plain_number) + " tokens/s",
                   figure(r.running, format::plain_number) + " run",
                   figure(r.waiting, format::plain_number) + " wait",
                   "next " + figure(r.next_token_s, format::duration_text),
                   "first " + figure(r.first_token_s, format::duration_text),
                   "cache " + figure(r.kv_usage, format::share_text),
                   figure(r.prompt_tokens_per_second, format::plain_number) + " tokens/s in"},
          .worth = {figure(engine.usd_per_million_tokens, format::usd_text) + " a million tokens",
                    figure(engine.joules_per_token, format::joules_text) + " a token",
                    light_text(snapshot)}};
}

}  // namespace assay::tui
