// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/plan_check_view.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "assay/calibrate/misstated.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {

using wire::Json;
using wire::line_of;
using wire::number;

namespace {

using calibrate::Judged;
using calibrate::Report;
using calibrate::Score;

std::string percent(std::optional<double> share) {
  return share ? fmt::format("{:.1f} %", *share * 100) : "-";
}

std::string line(std::string_view model, std::string_view system, std::string_view backend,
                 const Score& score) {
  return fmt::format(
      "| {:<38} | {:<10} | {:<8} | {:>5} | {:>7} | {:>7} | {:>7} | {:>7} | {:>7} | {:>7} |\n",
      model, system, backend, fmt::format("{}/{}", score.predicted, score.rows),
      percent(score.tpot_mape), percent(score.tpot_median), percent(score.tpot_cover90),
      percent(score.ttft_mape), percent(score.ttft_median), percent(score.ttft_cover90));
}

Json score_json(const Score& score) {
  return {{"rows", score.rows},
          {"predicted", score.predicted},
          {"tpot_mape", number(score.tpot_mape)},
          {"ttft_mape", number(score.ttft_mape)},
          {"tpot_median", number(score.tpot_median)},
          {"ttft_median", number(score.ttft_median)},
          {"tpot_cover90", number(score.tpot_cover90)},
          {"ttft_cover90", number(score.ttft_cover90)},
          {"energy_mape", number(score.energy_mape)}};
}

std::string cell(std::optional<double> seconds) {
  return seconds ? fmt::format("{:.4f}", *seconds * 1e3) : "";
}

}  // namespace

std::string check_table(const Report& report) {
  std::string out = fmt::format(
      "| {:<38} | {:<10} | {:<8} | {:>5} | {:>7} | {:>7} | {:>7} | {:>7} | {:>7} | {:>7} |\n",
      "model", "system", "backend", "rows", "TPOT", "median", "in 90 %", "TTFT", "median",
      "in 90 %");
  out += "|---|---|---|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const calibrate::Group& group : report.groups)
    out += line(group.model, group.system, group.backend, group.score);
  out += line("all", "", "", report.overall);
  if (report.without_misstated.rows < report.overall.rows)
    out += line("all but those that misstate clients", "", "", report.without_misstated);
  return out;
}

namespace {

// How many rows were taken for something that they do not say, and the first of them.
std::map<std::string_view, std::pair<std::size_t, std::string>> assumptions(const Report& report) {
  std::map<std::string_view, std::pair<std::size_t, std::string>> out;
  for (const Judged& each : report.judged) {
    if (!each.prediction) continue;
    for (const std::string_view what : each.row->assumed) {
      auto& [rows, first] = out[what];
      if (rows++ == 0) first = each.row->id;
    }
  }
  return out;
}

}  // namespace

std::string refusals(const Report& report) {
  std::map<std::string, std::pair<std::size_t, std::string>> reasons;
  const auto count = [&](const std::string& why, const Judged& each) {
    auto& [rows, first] = reasons[why];
    if (rows++ == 0) first = each.row->id;
  };
  for (const Judged& each : report.judged) {
    // What stands in brackets at the end is of the row alone.
    if (!each.refused.empty()) count(each.refused.substr(0, each.refused.rfind(" (")), each);
    else if (!each.row->places.empty()) count(std::string(calibrate::misstated_why()), each);
  }
  std::string out;
  for (const auto& [why, rows] : reasons)
    out += fmt::format("{} {} (first {}): {}\n",
                       why == calibrate::misstated_why() ? "misstated" : "refused", rows.first,
                       rows.second, why);
  for (const auto& [what, rows] : assumptions(report))
    out += fmt::format("assumed {} (first {}): {}\n", rows.first, rows.second, what);
  return out;
}

std::string check_json(const Report& report) {
  Json groups = Json::array();
  for (const calibrate::Group& group : report.groups) {
    Json one{{"model", group.model}, {"system", group.system}, {"backend", group.backend}};
    one.update(score_json(group.score));
    groups.push_back(std::move(one));
  }
  Json refused = Json::array();
  Json misstated = Json::array();
  for (const Judged& each : report.judged) {
    if (!each.refused.empty()) refused.push_back({{"id", each.row->id}, {"why", each.refused}});
    else if (!each.row->places.empty())
      misstated.push_back({{"id", each.row->id}, {"why", calibrate::misstated_why()}});
  }
  Json assumed = Json::array();
  for (const auto& [what, rows] : assumptions(report))
    assumed.push_back({{"why", what}, {"rows", rows.first}, {"first", rows.second}});
  return line_of({{"overall", score_json(report.overall)},
                  {"overall_without_misstated", score_json(report.without_misstated)},
                  {"groups", std::move(groups)},
                  {"refused", std::move(refused)},
                  {"misstated", std::move(misstated)},
                  {"assumed", std::move(assumed)}}) +
         "\n";
}

std::string rows_csv(const Report& report) {
  std::string out =
      "id,ttft_ms,ttft_predicted_ms,ttft_lo_ms,ttft_hi_ms,tpot_ms,tpot_predicted_ms,"
      "tpot_lo_ms,tpot_hi_ms,joules_per_token,provenance,misstated\n";
  for (const Judged& each : report.judged) {
    if (!each.prediction) continue;
    const calibrate::Prediction& p = *each.prediction;
    out +=
        fmt::format("{},{},{},{},{},{},{},{},{},{:.5g},{},{}\n", each.row->id,
                    cell(each.row->ttft_s), cell(p.ttft_s), cell(p.ttft_s * p.ttft_interval().lo),
                    cell(p.ttft_s * p.ttft_interval().hi), cell(each.row->tpot_s), cell(p.tpot_s),
                    cell(p.tpot_s * p.tpot_interval().lo), cell(p.tpot_s * p.tpot_interval().hi),
                    p.joules_per_token, to_string(p.provenance), each.row->places.empty() ? 0 : 1);
  }
  return out;
}

}  // namespace assay::cli
