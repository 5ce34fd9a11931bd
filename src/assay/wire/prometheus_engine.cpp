// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <tuple>

#include "assay/wire/prometheus_writer.hpp"

namespace assay::wire {

using engine::Figure;
using engine::Report;

void write_engine(PrometheusWriter& out, const appraise::AppraisedSnapshot& snapshot,
                  const PrometheusOptions& options) {
  if (!snapshot.engine) return;
  const appraise::EngineBeside& beside = *snapshot.engine;
  const Report& report = beside.report;
  const std::string labels = fmt::format(
      "{{{},{},{},{}", label_text("engine", report.id),
      label_text("model", report.models.size() == 1 ? report.models.front() : ""),
      label_text("node", options.node), label_text("origin", to_string(snapshot.origin.kind)));
  out.family("assay_engine_present", "gauge", "1 while the serving engine answers, else 0.");
  out.sample(labels, label_text("url", report.url), report.trouble.empty() ? 1 : 0);

  using Row = std::tuple<std::string_view, std::string_view, std::string_view, const Figure*>;
  const std::array<Row, 10> rows = {
      {{"assay_engine_tokens_per_second", "Tokens that the serving engine generates, and reads.",
        "kind=\"generation\"", &report.generation_tokens_per_second},
       {"assay_engine_tokens_per_second", "", "kind=\"prompt\"", &report.prompt_tokens_per_second},
       {"assay_engine_first_token_seconds", "Mean time to the first token in the window.", "",
        &report.first_token_s},
       {"assay_engine_next_token_seconds", "Mean time to each next token in the window.", "",
        &report.next_token_s},
       {"assay_engine_requests", "Requests that the engine has.", "state=\"running\"",
        &report.running},
       {"assay_engine_requests", "", "state=\"waiting\"", &report.waiting},
       {"assay_engine_kv_cache_ratio", "Share of the engine's cache in use.", "", &report.kv_usage},
       {"assay_engine_context_tokens", "Mean tokens of a running sequence in the cache.", "",
        &report.context},
       {"assay_engine_dollars_per_million_tokens",
        "Price of the engine's devices over its generated tokens.", "",
        &beside.usd_per_million_tokens},
       {"assay_engine_joules_per_token", "Power of the engine's devices over its generated tokens.",
        "", &beside.joules_per_token}}};
  for (const auto& [name, help, more, figure] : rows) {
    if (!help.empty()) out.family(name, "gauge", help);
    out.sample(labels, more, figure->value());
  }
}

}  // namespace assay::wire
