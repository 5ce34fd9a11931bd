// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "assay/cli/claim_view.hpp"
#include "assay/cli/source_json.hpp"

namespace assay::cli {

using wire::Json;
using wire::number;

namespace {

Json stated_json(const std::optional<catalog::Stated>& stated) {
  if (!stated) return nullptr;
  return {{"value", number(stated->value)}, {"unit", stated->unit}};
}

Json evidence_json(const catalog::Claim& claim) {
  Json rows = Json::array();
  for (const catalog::Evidence& row : claim.evidence) {
    rows.push_back(
        {{"text", row.text},
         {"stance", catalog::to_string(row.stance)},
         {"figure", stated_json(row.figure)},
         {"computed_from_catalog", std::holds_alternative<catalog::FromCatalog>(row.arithmetic)},
         {"source", row.source ? source_json(claim.sources.at(*row.source), row.confidence)
                               : Json(nullptr)}});
  }
  return rows;
}

}  // namespace

Json source_json(const catalog::Source& source, catalog::Confidence confidence) {
  return {{"title", source.title},
          {"url", source.url.empty() ? Json(nullptr) : Json(source.url)},
          {"date", source.date},
          {"confidence", catalog::to_string(confidence)}};
}

Json claims_json(std::span<const catalog::Claim* const> claims) {
  Json out = Json::array();
  for (const catalog::Claim* claim : claims) {
    out.push_back({{"id", claim->id},
                   {"statement", claim->statement},
                   {"said_by", claim->said_by},
                   {"origin", source_json(claim->origin(), claim->confidence)},
                   {"chips", claim->chips},
                   {"baselines", claim->baselines},
                   {"workload", claim->workload.empty() ? Json(nullptr) : Json(claim->workload)},
                   {"figure", stated_json(claim->figure)},
                   {"verdict", catalog::to_string(claim->verdict)},
                   {"finding", claim->finding},
                   {"evidence", evidence_json(*claim)}});
  }
  return out;
}

}  // namespace assay::cli
