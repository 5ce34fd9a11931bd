// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "assay/cli/claim_view.hpp"
#include "assay/cli/compare_view.hpp"
#include "assay/cli/source_json.hpp"

namespace assay::cli {

using wire::Json;
using wire::line_of;
using wire::number;

namespace {

Json cells_json(const catalog::Row& row) {
  Json cells = Json::array();
  for (const catalog::Cell& cell : row.cells) {
    Json source = nullptr;
    if (cell.source != nullptr) source = source_json(*cell.source, cell.confidence);
    Json confidence = nullptr;
    if (cell.value) confidence = catalog::to_string(cell.confidence);
    cells.push_back({{"value", number(cell.value)},
                     {"ratio", number(cell.ratio)},
                     {"confidence", std::move(confidence)},
                     {"source", std::move(source)}});
  }
  return cells;
}

Json planned_json(const std::optional<Planned>& planned) {
  if (!planned) return nullptr;
  return {{"configuration", planned->configuration},
          {"chips", planned->chips},
          {"ttft_ms", planned->ttft.value() * 1e3},
          {"tpot_ms", planned->tpot.value() * 1e3},
          {"tokens_per_s", number(planned->tokens_per_second)},
          {"usd_per_mtok", number(planned->usd_per_mtok)},
          {"joules_per_token", number(planned->per_token)},
          {"bottleneck", planned->bottleneck},
          {"provenance", planned->provenance}};
}

Json models_json(const ChipComparison& comparison) {
  Json out = Json::array();
  for (const ModelRow& row : comparison.models) {
    Json on = Json::array();
    for (std::size_t i = 0; i < row.on.size(); ++i) {
      const ModelOnChip& here = row.on[i];
      on.push_back({{"chip", comparison.chips[i]->id},
                    {"chips_needed", here.chips_needed ? Json(*here.chips_needed) : Json(nullptr)},
                    {"kv_room_tokens", number(here.kv_room_tokens)},
                    {"decode_bound_tokens_per_s", number(here.decode_tokens_per_second)},
                    {"prefill_bound_tokens_per_s", number(here.prefill_tokens_per_second)},
                    {"planned", planned_json(here.planned)},
                    {"why_not_planned",
                     here.why_not_planned.empty() ? Json(nullptr) : Json(here.why_not_planned)}});
    }
    out.push_back({{"model", row.name},
                   {"weights_bytes", row.on.front().weights.value()},
                   {"kv_bytes_per_token", row.on.front().kv_per_token.value()},
                   {"on", std::move(on)}});
  }
  return out;
}

}  // namespace

std::string compare_json(const ChipComparison& comparison) {
  Json chips = Json::array();
  for (const catalog::Chip* chip : comparison.chips)
    chips.push_back({{"id", chip->id},
                     {"name", chip->name},
                     {"kind", catalog::to_string(chip->kind)},
                     {"notes", chip->notes}});
  Json figures = Json::array();
  for (const catalog::Row& row : comparison.rows)
    figures.push_back({{"id", row.id},
                       {"aspect", catalog::to_string(row.aspect)},
                       {"unit", catalog::to_string(row.unit)},
                       {"derived", row.derived},
                       {"cells", cells_json(row)}});
  return line_of({{"schema", "assay.compare/1"},
                  {"chips", std::move(chips)},
                  {"figures", std::move(figures)},
                  {"models", models_json(comparison)},
                  {"claims", claims_json(comparison.claims)}}) +
         "\n";
}

std::string claims_page_json(std::span<const catalog::Claim* const> claims) {
  return line_of({{"schema", "assay.claims/1"}, {"claims", claims_json(claims)}}) + "\n";
}

}  // namespace assay::cli
