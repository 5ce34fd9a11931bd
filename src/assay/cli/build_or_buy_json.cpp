// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>

#include "assay/cli/build_or_buy_view.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {

using wire::Json;
using wire::line_of;
using wire::number;

namespace {

// Chips are whole: the fleet that just pays. The guard keeps 100,000.0000001 from being 100,001.
Json chips_json(const std::optional<double>& chips) {
  if (!chips) return nullptr;
  return static_cast<std::int64_t>(std::ceil(*chips - 1e-6));
}

Json usd(const std::optional<Dollars>& amount) { return amount ? Json(amount->value()) : Json(); }

Json cost_json(const std::optional<plan::Cost>& cost) {
  if (!cost) return nullptr;
  return {{"hardware_usd", cost->capital.value()},
          {"electricity_usd", usd(cost->electricity)},
          {"total_usd", usd(cost->total())}};
}

Json best_json(const std::optional<catalog::BestChip>& best) {
  if (!best) return nullptr;
  return {{"value", best->value},
          {"chip", best->chip->id},
          {"confidence", catalog::to_string(best->confidence)}};
}

Json technologies_json(const BuildOrBuyReport& report) {
  Json out = Json::array();
  for (const catalog::Technology& row : report.technologies) {
    out.push_back({{"kind", catalog::to_string(row.kind)},
                   {"chips", row.chips},
                   {"ops8_per_joule", best_json(row.ops_per_joule)},
                   {"ops8_per_second_per_usd", best_json(row.ops_per_dollar)},
                   {"bytes_per_joule", best_json(row.bytes_per_joule)},
                   {"judgement",
                    {{"programmability", row.programmability},
                     {"time_to_market", row.time_to_market},
                     {"source", "judgement after K. Freund, Forbes, 2017-08-04"}}}});
  }
  return out;
}

}  // namespace

std::string build_or_buy_json(const BuildOrBuyReport& report) {
  Json inputs = Json::array();
  for (const InputNote& note : report.notes)
    inputs.push_back({{"name", note.name}, {"value", note.value}, {"from", note.from}});
  Json sensitivity = Json::array();
  for (const plan::Sensitivity& row : report.sensitivity)
    sensitivity.push_back({{"input", row.input},
                           {"break_even_chips_at_minus_20_percent", chips_json(row.chips_if_less)},
                           {"break_even_chips_at_plus_20_percent", chips_json(row.chips_if_more)}});
  const plan::BreakEven& result = report.result;
  return line_of({{"schema", "assay.build-or-buy/1"},
                  {"break_even_chips", chips_json(result.chips)},
                  {"break_even_own_chips", chips_json(result.own_chips)},
                  {"nre_usd", report.input.nre.value()},
                  {"saving_per_chip_usd", result.saving_per_chip.value()},
                  {"break_even_tokens_per_year", number(result.tokens_per_year)},
                  {"buy_usd_per_mtok", number(result.buy_per_mtok)},
                  {"buy", cost_json(result.buy)},
                  {"build", cost_json(result.build)},
                  {"inputs", std::move(inputs)},
                  {"sensitivity", std::move(sensitivity)},
                  {"technologies", technologies_json(report)}}) +
         "\n";
}

}  // namespace assay::cli
