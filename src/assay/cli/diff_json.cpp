// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "assay/cli/diff_report.hpp"
#include "assay/cli/kernel_name.hpp"
#include "assay/format/format.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {
namespace {

using contrast::Kind;
using wire::Json;
using wire::number;

Json side_json(const DiffSide& side) {
  return {
      {"file", side.name},
      {"origin", {{"kind", sample::to_string(side.recorded.kind)}, {"name", side.recorded.name}}},
      {"from", format::wall_iso(side.from)},
      {"to", format::wall_iso(side.to)},
      {"windows", side.run.windows},
      {"seconds", side.run.length.value()},
      {"devices", side.run.devices},
      {"usd_per_hour", number(side.run.paid)},
      {"device_lost_windows", side.run.device_lost},
      {"device_unanswered_windows", side.run.device_unanswered},
      {"usd_lost_at_least", side.run.money_at_least}};
}

Json change_json(const contrast::Change& change) {
  const auto mean = [](const std::optional<contrast::Estimate>& of) {
    return number(of ? std::optional(of->mean) : std::nullopt);
  };
  const auto effective = [](const std::optional<contrast::Estimate>& of) {
    return number(of ? std::optional(of->effective) : std::nullopt);
  };
  const bool judged = change.claim != contrast::Claim::unknown;
  return {{"id", contrast::quantities()[change.quantity].id},
          {"a", mean(change.a)},
          {"b", mean(change.b)},
          {"change", change.a && change.b ? Json(change.change) : Json(nullptr)},
          {"margin", judged ? Json(change.margin) : Json(nullptr)},
          {"p", judged ? Json(change.probability) : Json(nullptr)},
          {"claim", contrast::to_string(change.claim)},
          {"effective_windows", {{"a", effective(change.a)}, {"b", effective(change.b)}}}};
}

Json changes_json(const DiffReport& report, Kind kind) {
  Json out = Json::array();
  for (const contrast::Change& change : report.changes)
    if (contrast::quantities()[change.quantity].kind == kind) out.push_back(change_json(change));
  return out;
}

Json kernel_json(const std::optional<KernelTotal>& kernel) {
  if (!kernel) return nullptr;
  return {{"launches", kernel->launches},
          {"total_s", kernel->total_s},
          {"shortest_s", kernel->shortest_s},
          {"longest_s", kernel->longest_s}};
}

Json kernels_json(const DiffReport& report) {
  Json out = Json::array();
  for (const KernelPair& pair : report.kernels) {
    const std::string& name = pair.a ? pair.a->name : pair.b->name;
    out.push_back({{"name", name},
                   {"readable", demangled(name)},
                   {"a", kernel_json(pair.a)},
                   {"b", kernel_json(pair.b)},
                   {"claim", contrast::to_string(pair.claim)}});
  }
  return out;
}

}  // namespace

std::string diff_json(const DiffReport& report) {
  return wire::line_of({{"schema", "assay.diff/1"},
                        {"a", side_json(report.a)},
                        {"b", side_json(report.b)},
                        {"error", contrast::kError},
                        {"headline", diff_headline(report)},
                        {"rungs", changes_json(report, Kind::rung)},
                        {"losses", changes_json(report, Kind::loss)},
                        {"causes", changes_json(report, Kind::cause)},
                        {"power_w", changes_json(report, Kind::power)},
                        {"usd_per_device_hour", changes_json(report, Kind::money)},
                        {"kernels", kernels_json(report)}});
}

}  // namespace assay::cli
