// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/snapshot_json.hpp"

#include <nlohmann/json.hpp>

#include "assay/format/format.hpp"
#include "assay/sample/unattributed.hpp"
#include "assay/wire/bridge_json.hpp"
#include "assay/wire/engine_json.hpp"
#include "assay/wire/findings_json.hpp"
#include "assay/wire/json.hpp"

namespace assay::wire {

using appraise::Appraisal;
using appraise::AppraisedSnapshot;
using format::wall_iso;
namespace {

using sample::Presence;

Json ladder_json(const ladder::Ladder& ladder) {
  Json sol = reading_json(ladder.sol.value);
  sol["limiter"] = ladder.sol.limiter == ladder::Limiter::none
                       ? Json(nullptr)
                       : Json(ladder::to_string(ladder.sol.limiter));
  sol["nvlink"] = reading_json(ladder.sol.nvlink);
  sol["pcie"] = reading_json(ladder.sol.pcie);
  return {{"held", reading_json(ladder.held)},
          {"busy", reading_json(ladder.busy)},
          {"sm_active", reading_json(ladder.sm_active)},
          {"sol", std::move(sol)},
          {"useful", reading_json(ladder.useful)}};
}

Json losses_json(const ladder::Losses& losses) {
  Json json = Json::object();
  for (const ladder::Part& part : losses.parts) json[part.name] = number(part.share.value());
  json["unattributed"] = losses.unattributed.value();
  return json;
}

Json readings_json(const sample::Sample& sample) {
  Json json = Json::object();
  for (const metric::Def& def : metric::all())
    if (sample.at_id(def.id).reason() != sample::Reason::not_read)
      json[def.name] = reading_json(sample.at_id(def.id));
  return json;
}

Json processes_json(const sample::Sample& sample) {
  if (sample.processes_reason != sample::Reason::none) return nullptr;
  Json json = Json::array();
  for (const sample::Process& process : sample.processes)
    json.push_back({{"pid", process.pid},
                    {"name", process.name},
                    {"type", process.compute ? "compute" : "graphics"},
                    {"memory", reading_json(process.memory)},
                    {"time_share", reading_json(process.time_share)}});
  return json;
}

Json unattributed_json(const sample::Sample& sample) {
  const sample::Unattributed rest = sample::unattributed(sample);
  return {{"memory", reading_json(rest.memory)}, {"time_share", reading_json(rest.time_share)}};
}

Json cost_json(const Appraisal& device) {
  const ladder::Cost& cost = device.cost;
  Json by_part = Json::object();
  for (const ladder::Part& part : device.ladder.losses.parts)
    by_part[part.name] = number(ladder::worth(part, cost.per_hour));
  return {{"usd_per_hour", number(cost.per_hour)},
          {"lost_usd_per_hour", number(cost.lost)},
          {"lost_usd_per_hour_at_least", number(cost.lost_at_least)},
          {"by_part_usd_per_hour", std::move(by_part)},
          {"source", cost.source.empty() ? Json(nullptr) : Json(cost.source)}};
}

std::string_view presence_word(Presence presence) {
  switch (presence) {
    case Presence::ok: return "ok";
    case Presence::stale: return "stale";
    case Presence::lost: return "lost";
  }
  return "lost";
}

Json device_json(const Appraisal& device) {
  const sample::DeviceFacts& facts = device.facts;
  const auto text = [](const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); };
  const auto sm_count = facts.sm_count.value();
  return {{"index", facts.index},
          {"uuid", text(facts.uuid)},
          {"name", text(facts.name)},
          {"chip", text(facts.chip)},
          {"pci", text(facts.pci)},
          {"driver", text(facts.driver)},
          {"sm_count", sm_count ? Json(static_cast<int>(sm_count->value())) : Json(nullptr)},
          {"sm_count_source",
           sm_count ? Json(metric::to_string(facts.sm_count.source())) : Json(nullptr)},
          {"presence", presence_word(device.sample.presence)},
          {"trouble", text(device.sample.trouble)},
          {"route", device.ladder.route},
          {"window_s", device.sample.window.value()},
          {"ladder", ladder_json(device.ladder)},
          {"losses", losses_json(device.ladder.losses)},
          {"gpu_util", reading_json(device.sample.at_id(metric::Id::gpu_util))},
          {"readings", readings_json(device.sample)},
          {"processes", processes_json(device.sample)},
          {"processes_unattributed", unattributed_json(device.sample)},
          {"processes_reason", device.sample.processes_reason == sample::Reason::none
                                   ? Json(nullptr)
                                   : Json(sample::to_string(device.sample.processes_reason))},
          {"cost", cost_json(device)},
          {"findings", findings_json(device.findings)},
          {"findings_window_s", (device.job ? device.job->working : device.sample).window.value()},
          {"decode", device.decode ? bridge_json(*device.decode) : Json(nullptr)}};
}

Json origin_json(const sample::Origin& origin) {
  return {{"kind", sample::to_string(origin.kind)}, {"name", origin.name}};
}

}  // namespace

std::string snapshot_json(const AppraisedSnapshot& snapshot, const sample::Origin* recorded) {
  Json origin = origin_json(snapshot.origin);
  if (recorded != nullptr) origin["of"] = origin_json(*recorded);
  Json devices = Json::array();
  for (const Appraisal& device : snapshot.devices) devices.push_back(device_json(device));
  return line_of({{"schema", "assay.snapshot/1"},
                  {"at", wall_iso(snapshot.at)},
                  {"origin", std::move(origin)},
                  {"self",
                   {{"cpu_seconds", snapshot.self.cpu.value()},
                    {"rss_bytes", snapshot.self.rss.value()},
                    {"samples", snapshot.self.samples},
                    {"lost", snapshot.self.lost}}},
                  {"devices", std::move(devices)},
                  {"engine", snapshot.engine ? engine_json(snapshot) : Json(nullptr)}});
}

}  // namespace assay::wire
