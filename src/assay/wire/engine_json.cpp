// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/engine_json.hpp"

#include <nlohmann/json.hpp>

#include "assay/base/check.hpp"

namespace assay::wire {

Json engine_json(const appraise::AppraisedSnapshot& snapshot) {
  CHECK(snapshot.engine.has_value());
  const appraise::EngineBeside& engine = *snapshot.engine;
  const engine::Report& report = engine.report;
  const auto text = [](const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); };
  Json devices = Json::array();
  for (const std::size_t place : engine.devices)
    devices.push_back(snapshot.devices[place].facts.index);
  return {{"url", report.url},
          {"engine", text(report.id)},
          {"models", report.models},
          {"trouble", text(report.trouble)},
          {"window_s", report.window.value()},
          {"devices", std::move(devices)},
          {"generation_tokens_per_second", reading_json(report.generation_tokens_per_second)},
          {"prompt_tokens_per_second", reading_json(report.prompt_tokens_per_second)},
          {"first_token_s", reading_json(report.first_token_s)},
          {"next_token_s", reading_json(report.next_token_s)},
          {"running", reading_json(report.running)},
          {"waiting", reading_json(report.waiting)},
          {"kv_usage", reading_json(report.kv_usage)},
          {"batch", reading_json(report.batch)},
          {"context", reading_json(report.context)},
          {"usd_per_million_tokens", reading_json(engine.usd_per_million_tokens)},
          {"joules_per_token", reading_json(engine.joules_per_token)},
          {"no_useful_rung_because", text(engine.no_light)}};
}

}  // namespace assay::wire
