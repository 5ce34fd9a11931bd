// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "assay/cli/fleet_report.hpp"
#include "assay/format/format.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {

using fleet::Holder;
using wire::Json;
using wire::number;

namespace {

Json holder_json(const Holder& holder) {
  Json parts = Json::object();
  for (const auto& [name, part] : holder.parts)
    parts[name] = {{"gpu_hours", part.hours},
                   {"usd", fleet::is_loss(name) ? number(part.usd) : Json(nullptr)}};
  return {{"key", holder.key.empty() ? Json(nullptr) : Json(holder.key)},
          {"devices", number(holder.devices)},
          {"gpu_hours", holder.hours},
          {"cost_usd", number(holder.cost_usd)},
          {"lost_gpu_hours", number(holder.lost_hours)},
          {"lost_usd", number(holder.lost_usd)},
          {"lost_gpu_hours_before", number(holder.lost_hours_before)},
          {"lost_usd_before", number(holder.lost_usd_before)},
          {"parts", std::move(parts)}};
}

Json placement_json(const Placement& placement) {
  const fleet::Packing& packing = placement.packing;
  return {
      {"chip", packing.chip.empty() ? Json(nullptr) : Json(packing.chip)},
      {"devices", packing.devices},
      {"idle", packing.idle},
      {"full_by_themselves", packing.alone},
      {"needed", placement.needed},
      {"needed_at_least", placement.at_least},
      {"optimal", placement.optimal},
      {"usd_per_day_saved",
       placement.usd_per_hour_saved ? Json(*placement.usd_per_hour_saved * 24) : Json(nullptr)}};
}

// RFC 4180: quoted where it must be.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) (out += c == '"' ? "\"" : "") += c;
  return out + '"';
}
std::string field(const std::optional<double>& value) {
  return value ? fmt::format("{:.6g}", *value) : "";
}

}  // namespace

std::string fleet_json(const FleetReport& report) {
  Json holders = Json::array();
  for (const Holder& holder : report.account.holders) holders.push_back(holder_json(holder));
  Json movers = Json::array();
  for (const Holder* holder : fleet::movers(report.account, 10))
    movers.push_back({{"key", holder->key.empty() ? Json(nullptr) : Json(holder->key)},
                      {"unit", report.account.priced ? "usd" : "gpu_hours"},
                      {"change", *fleet::change(report.account, *holder)}});
  Json what_if = Json::array();
  for (const WhatIf& each : report.what_if)
    what_if.push_back(
        {{"loss", each.loss},
         {"chip", each.chip.empty() ? Json(nullptr) : Json(each.chip)},
         {"devices", each.devices},
         {"usd_per_day", each.usd_per_hour ? Json(*each.usd_per_hour * 24) : Json(nullptr)},
         {"text", what_if_text(each)}});
  Json placements = Json::array();
  for (const Placement& each : report.placements) placements.push_back(placement_json(each));
  return wire::line_of({{"schema", "assay.fleet/1"},
                        {"server", report.server},
                        {"at", format::wall_iso(report.at)},
                        {"window_s", report.window.value()},
                        {"seen_s", report.seen.value()},
                        {"by", to_string(report.by)},
                        {"names", report.names == fleet::Names::assay ? "assay" : "dcgm"},
                        {"partial", report.partial},
                        {"warnings", report.warnings},
                        {"total", holder_json(report.account.total)},
                        {"holders", std::move(holders)},
                        {"lost_usd_per_hour_trend", report.trend},
                        {"movers", std::move(movers)},
                        {"what_if", std::move(what_if)},
                        {"placement", std::move(placements)},
                        {"placement_devices_unknown", report.devices_unknown},
                        {"no_placement_because",
                         report.no_placement.empty() ? Json(nullptr) : Json(report.no_placement)}});
}

std::string fleet_csv(const FleetReport& report) {
  std::set<std::string> parts;
  for (const auto& [name, part] : report.account.total.parts) parts.insert(name);
  std::string out = fmt::format(
      "{},devices,gpu_hours,cost_usd,lost_gpu_hours,lost_usd,lost_gpu_hours_before,lost_usd_before",
      to_string(report.by));
  for (const std::string& name : parts) out += fmt::format(",{}_gpu_hours", name);
  out += '\n';
  for (const Holder& holder : report.account.holders) {
    out += fmt::format("{},{},{:.6g},{},{},{},{},{}", field(holder.key), field(holder.devices),
                       holder.hours, field(holder.cost_usd), field(holder.lost_hours),
                       field(holder.lost_usd), field(holder.lost_hours_before),
                       field(holder.lost_usd_before));
    for (const std::string& name : parts) {
      const auto part = holder.parts.find(name);
      out += part == holder.parts.end() ? ",0" : fmt::format(",{:.6g}", part->second.hours);
    }
    out += '\n';
  }
  return out;
}

}  // namespace assay::cli
