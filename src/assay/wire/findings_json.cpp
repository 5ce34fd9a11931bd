// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/findings_json.hpp"

#include <nlohmann/json.hpp>

namespace assay::wire {
namespace {

using causes::Cause;
using causes::Finding;

Json finding_json(const Finding& finding) {
  const causes::CauseInfo& about = causes::info(finding.cause);
  Json evidence = Json::array();
  for (const causes::Evidence& e : finding.evidence)
    evidence.push_back({{"metric", e.metric}, {"value", e.value}, {"expected", e.expected}});
  Json or_else = Json::array();
  for (const Cause cause : finding.or_else) or_else.push_back(causes::info(cause).id);
  const causes::Counterfactual& gain = finding.counterfactual;
  return {{"cause", about.id},
          {"confidence", finding.confidence},
          {"evidence", std::move(evidence)},
          {"kernel", finding.kernel.empty() ? Json(nullptr) : Json(finding.kernel)},
          {"counterfactual",
           {{"speedup_max", number(gain.speedup_max)},
            {"usd_per_hour_saved_max", number(gain.saved_max)}}},
          {"or_else", std::move(or_else)},
          {"told_apart_by",
           finding.told_apart_by.empty() ? Json(nullptr) : Json(finding.told_apart_by)},
          {"try", causes::remedies_of(finding)},
          {"page", causes::page_of(finding.cause)}};
}

}  // namespace

Json findings_json(std::span<const Finding> findings) {
  Json out = Json::array();
  for (const Finding& finding : findings) out.push_back(finding_json(finding));
  return out;
}

}  // namespace assay::wire
