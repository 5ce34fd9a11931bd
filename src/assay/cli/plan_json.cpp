// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/plan_json.hpp"

#include <nlohmann/json.hpp>

#include "assay/cli/plan_point.hpp"
#include "assay/cli/plan_report.hpp"

namespace assay::cli {

using wire::Json;
using wire::line_of;
using wire::number;

namespace {

Json spread_json(const plan::Spread& spread, const plan::Interval& interval) {
  return {{"mean", number(spread.mean.value() * 1e3)}, {"p50", number(spread.p50.value() * 1e3)},
          {"p95", number(spread.p95.value() * 1e3)},   {"p99", number(spread.p99.value() * 1e3)},
          {"lo", number(interval.lo * 1e3)},           {"hi", number(interval.hi * 1e3)}};
}

Json cost_json(const plan::Prediction& prediction) {
  if (!prediction.cost) return {{"usd_per_hour", nullptr}, {"usd_per_mtok", nullptr}};
  const double split_in = prediction.cost->input.value();
  return {
      {"usd_per_hour", number(prediction.price)},
      {"usd_per_mtok", prediction.cost->output_all.value()},
      {"usd_per_mtok_interval",
       {{"lo", number(prediction.cost_interval.lo)}, {"hi", number(prediction.cost_interval.hi)}}},
      {"usd_per_mtok_split",
       {{"input", number(split_in)}, {"output", number(prediction.cost->output.value())}}}};
}

Json priced_chip_json(const PlannedChip& chip) {
  Json price = nullptr;
  if (chip.roof.rental)
    price = {{"usd_per_hour", number(chip.roof.rental)},
             {"source", chip.price_source},
             {"date", chip.price_date.empty() ? Json(nullptr) : Json(chip.price_date)}};
  return {{"id", chip.id}, {"name", chip.name}, {"price", price}};
}

Json limit_json(const plan::Limit& limit) {
  const auto ms = [](const std::optional<Seconds>& time) {
    return time ? Json(time->value() * 1e3) : Json(nullptr);
  };
  return {{"ttft_ms", ms(limit.ttft)},
          {"tpot_ms", ms(limit.tpot)},
          {"at", plan::to_string(limit.at)},
          {"power_w", number(limit.power)},
          {"usd_per_hour", number(limit.price)},
          {"chips", limit.chips ? Json(*limit.chips) : Json(nullptr)}};
}

Json candidate_json(const PlanReport& report, const plan::Candidate& candidate) {
  Json json = {{"chip", report.chips[candidate.roof].id}, {"dtype", report.precision(candidate)}};
  json.update(parallel_json(candidate.parallel, candidate.replicas));
  return json;
}

Json refusals_json(const PlanReport& report) {
  Json list = Json::array();
  for (const plan::Refusal& refusal : report.found.refusals) {
    Json json = candidate_json(report, refusal.candidate);
    json["why"] = reason_text(refusal);
    list.push_back(std::move(json));
  }
  for (const Error& chip : report.left_out) list.push_back({{"why", chip.message}});
  return list;
}

// Latencies in milliseconds, as everywhere.
Json unreachable_json(const PlanReport& report) {
  using What = plan::Unreachable::What;
  Json list = Json::array();
  for (const plan::Unreachable& each : report.found.unreachable) {
    const double unit = each.what == What::ttft || each.what == What::tpot ? 1e3 : 1;
    list.push_back({{"limit", limit_key(each.what)},
                    {"asked", unit * each.asked},
                    {"best", unit * each.best},
                    {"by", candidate_text(report, each.by)}});
  }
  return list;
}

}  // namespace

Json parallel_json(const roofline::Parallel& parallel, int replicas) {
  return {{"count", replicas * parallel.chips()},
          {"replicas", replicas},
          {"tp", parallel.tensor},
          {"pp", parallel.pipeline},
          {"dp", parallel.data},
          {"ep", parallel.expert}};
}

Json prediction_json(const std::optional<plan::Prediction>& found) {
  if (!found)
    return {{"ttft_ms", nullptr},      {"tpot_ms", nullptr},      {"e2e_ms", nullptr},
            {"tokens_per_s", nullptr}, {"usd_per_mtok", nullptr}, {"joules_per_token", nullptr},
            {"bottleneck", nullptr}};
  const plan::Prediction& prediction = *found;
  const plan::TimeShare& time = prediction.time_share;
  const plan::EnergyShare& energy = prediction.energy_share;
  Json json = {{"ttft_ms", spread_json(prediction.ttft, prediction.ttft_interval)},
               {"tpot_ms", prediction.tpot ? spread_json(*prediction.tpot, prediction.tpot_interval)
                                           : Json(nullptr)},
               {"e2e_ms",
                {{"mean", prediction.e2e.mean.value() * 1e3},
                 {"p50", prediction.e2e.p50.value() * 1e3},
                 {"p95", prediction.e2e.p95.value() * 1e3},
                 {"p99", prediction.e2e.p99.value() * 1e3}}},
               {"tokens_per_s", prediction.output_tokens_per_second},
               {"input_tokens_per_s", prediction.input_tokens_per_second},
               {"requests_per_s", prediction.requests_per_second},
               {"concurrency", prediction.concurrency},
               {"batch", prediction.batch},
               {"waiting", prediction.waiting}};
  json.update(cost_json(prediction));
  const bool powered = prediction.power.has_value();
  json.update(Json{{"power_w", number(prediction.power)},
                   {"joules_per_token", number(prediction.per_token)},
                   {"bottleneck", roofline::to_string(prediction.bottleneck)},
                   {"time_share",
                    {{"weights", time.weights},
                     {"kv", time.kv},
                     {"compute", time.compute},
                     {"collective", time.collective},
                     {"overhead", time.overhead}}},
                   {"energy_share", powered ? Json{{"moving_data", energy.moving_data},
                                                   {"arithmetic", energy.arithmetic},
                                                   {"standing", energy.standing}}
                                            : Json(nullptr)},
                   {"provenance", roofline::to_string(prediction.provenance)}});
  return json;
}

Json what_if_json(const plan::WhatIfs& changes) {
  Json json = Json::object();
  for (const plan::WhatIf& change : changes)
    json[resource_key(change.resource) + "+10%"] = number(change.cost_change);
  return json;
}

std::string point_json(const Point& point) {
  const roofline::StepModel::Memory& memory = point.memory;
  Json json = {{"schema", "assay.plan_point/1"}, {"model", point.model},
               {"notes", point.notes},           {"chip", priced_chip_json(point.chip)},
               {"dtype", point.precision},       {"engine", point.engine}};
  json.update(parallel_json(point.parallel, point.replicas));
  json.update(Json{{"in", point.in},
                   {"out", point.out},
                   {"method", point.simulated ? "simulation" : "closed-form"}});
  json.update(prediction_json(point.prediction));
  Json tiers = Json::array();
  for (const Point::Held& tier : held(point))
    tiers.push_back({{"technology", tier.technology},
                     {"capacity_bytes", tier.capacity.value()},
                     {"bandwidth_gb_s", tier.bandwidth.value() * 1e-9},
                     {"weights_bytes", tier.weights.value()},
                     {"kv_bytes", tier.cache.value()}});
  json["memory"] = {{"weights_bytes", point.weights.value()},
                    {"weights_bytes_per_chip", memory.weights_per_chip.value()},
                    {"kv_dtype", to_string(memory.kv)},
                    {"kv_bytes_per_token", memory.kv_per_token.value()},
                    {"kv_tokens", memory.kv_tokens},
                    {"fits", !point.misfit},
                    {"missing_bytes_per_chip", memory.missing_per_chip.value()},
                    {"tiers", std::move(tiers)}};
  json["what_if"] = point.misfit ? Json(nullptr) : what_if_json(point.what_if);
  json["why_not"] = point.misfit ? Json(point.misfit->message) : Json(nullptr);
  return line_of(json) + "\n";
}

std::string plan_json(const PlanReport& report) {
  Json chips = Json::array();
  for (const PlannedChip& chip : report.chips) chips.push_back(priced_chip_json(chip));
  Json list = Json::array();
  for (std::size_t i = 0; i < report.found.answers.size(); ++i) {
    const plan::Answer& answer = report.found.answers[i];
    Json json = {{"rank", i + 1}, {"frontier", answer.on_frontier}};
    json["dominated_by"] = answer.dominated_by ? Json(*answer.dominated_by + 1) : Json(nullptr);
    json.update(candidate_json(report, answer.candidate));
    json["most_requests_per_s_per_replica"] = answer.most_rate;
    json["method"] = answer.simulated ? "simulation" : "closed-form";
    json.update(prediction_json(answer.prediction));
    for (const PlanReport::Row& row : report.rows)
      if (row.answer == i) json["what_if"] = what_if_json(row.what_if);
    list.push_back(std::move(json));
  }
  return line_of({{"schema", "assay.plan/1"},
                  {"model", report.model},
                  {"notes", report.notes},
                  {"engine", report.engine},
                  {"in", report.in},
                  {"out", report.out},
                  {"rate", number(report.demand.rate)},
                  {"limits", limit_json(report.demand.limit)},
                  {"chips", std::move(chips)},
                  {"configurations", std::move(list)},
                  {"refused", refusals_json(report)},
                  {"unreachable", unreachable_json(report)}}) +
         "\n";
}

}  // namespace assay::cli
