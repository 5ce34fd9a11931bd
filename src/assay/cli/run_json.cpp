// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/run_json.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <string_view>

#include "assay/cli/kernel_name.hpp"
#include "assay/kernels/ranking.hpp"
#include "assay/wire/snapshot_json.hpp"

namespace assay::cli {

using wire::Json;
using wire::line_of;
using wire::number;
using wire::snapshot_json;

namespace {

Json text(const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); }

Json fill_json(const kernels::Blame& blame) {
  if (!blame.fill) return nullptr;
  return {{"blocks_per_sm", blame.fill->blocks_per_sm},
          {"occupancy", blame.fill->occupancy.value()},
          {"occupancy_limit", kernels::to_string(blame.fill->limit)},
          {"waves", blame.fill->waves},
          {"tail_loss", blame.fill->tail_loss.value()},
          {"empty_sms", blame.fill->empty_sms.value()}};
}

Json blame_json(const kernels::Blame& blame) {
  Json json = kernel_json(*blame.row);
  json["readable"] = demangled(blame.row->signature.name);
  json["fill"] = fill_json(blame);
  json["estimated_launches"] = blame.launches;
  json["estimated_total_s"] = blame.total.value();
  json["wasted_s"] = number(blame.wasted);
  return json;
}

Json processes_json(const sample::KernelTable& table) {
  Json out = Json::array();
  for (const sample::TracedProcess& process : table.processes)
    out.push_back({{"pid", process.pid},
                   {"name", process.name},
                   {"cupti", text(process.cupti)},
                   {"trouble", text(process.trouble)},
                   {"records", process.records},
                   {"lost", process.lost},
                   {"ended", process.ended}});
  return out;
}

Json devices_json(const sample::KernelTable& table) {
  Json out = Json::array();
  for (const sample::TracedDevice& device : table.devices)
    out.push_back({{"uuid", text(device.uuid)},
                   {"name", text(device.name)},
                   {"cc_major", device.cc_major},
                   {"cc_minor", device.cc_minor},
                   {"sm_count", device.sm_count ? Json(*device.sm_count) : Json(nullptr)},
                   {"busy_s", device.busy.value()},
                   {"kernels_s", device.kernels.value()},
                   {"span_s", device.span.value()}});
  return out;
}

Json copies_json(const sample::KernelTable& table) {
  Json out = Json::object();
  for (std::size_t i = 0; i < sample::kCopyKinds; ++i) {
    const sample::CopyTotal& total = table.copies[i];
    if (total.count == 0) continue;
    out[std::string(copy_word(static_cast<sample::CopyKind>(i)))] = {
        {"count", total.count}, {"bytes", total.bytes.value()}, {"time_s", total.time.value()}};
  }
  return out;
}

}  // namespace

std::string_view copy_word(sample::CopyKind kind) {
  static constexpr std::array<std::string_view, sample::kCopyKinds> kWords = {
      "host-to-device", "device-to-host", "device-to-device", "peer-to-peer", "host-to-host",
      "memset",         "other"};
  return kWords[static_cast<std::size_t>(kind)];
}

Json kernel_json(const sample::KernelRow& row) {
  const sample::KernelSignature& signature = row.signature;
  return {{"name", signature.name},
          {"device", signature.device},
          {"grid", signature.grid},
          {"block", signature.block},
          {"registers", signature.registers},
          {"static_shared", signature.static_shared},
          {"dynamic_shared", signature.dynamic_shared},
          {"in_graph", signature.in_graph},
          {"whole_graph", signature.whole_graph},
          {"launches", row.launches},
          {"total_s", row.total.value()},
          {"total_error_s", number(row.total_error)},
          {"shortest_s", row.shortest.value()},
          {"longest_s", row.longest.value()},
          {"gap_s", row.gap.value()},
          {"gaps", row.gaps},
          {"streams", row.streams}};
}

Json microscope_json(const std::vector<MicroscopeLook>& looks) {
  Json out = Json::array();
  for (const MicroscopeLook& look : looks)
    out.push_back({{"uuid", look.uuid},
                   {"looks", look.looks},
                   {"lanes", number(look.seen.lanes)},
                   {"issue", number(look.seen.issue)}});
  return out;
}

Json trace_json(const RunReport& report) {
  const sample::KernelTable& table = report.kernels;
  return {{"command", report.command},
          {"exit_code", report.exit_code},
          {"wall_s", report.wall.value()},
          {"energy_j", number(report.energy)},
          {"usd", number(report.cost)},
          {"flops", number(report.flops)},
          {"tokens", number(report.tokens)},
          {"usd_per_million_tokens", number(report.per_million_tokens)},
          {"trace",
           {{"records", table.records},
            {"launches", table.launches},
            {"lost", table.lost},
            {"scale", table.scale},
            {"bursts", table.bursts},
            {"signatures", table.rows.size()},
            {"launches_beyond_the_table", table.rest.launches},
            {"seconds_beyond_the_table", table.rest.total.value()},
            {"synchronizations", table.synchronizations},
            {"synchronizing_s", table.synchronizing.value()},
            {"copies", copies_json(table)},
            {"devices", devices_json(table)},
            {"processes", processes_json(table)}}},
          {"microscope", microscope_json(report.microscope)},
          {"missing", report.missing}};
}

std::string run_json(const RunReport& report) {
  Json json = {{"schema", "assay.run/1"}};
  json.update(trace_json(report));
  json["useful_measured_by"] = text(report.peak);
  Json rows = Json::array();
  for (const kernels::Blame& blame : kernels::ranked(report.kernels))
    rows.push_back(blame_json(blame));
  json["kernels"] = std::move(rows);
  json["snapshot"] =
      report.devices.devices.empty() ? Json(nullptr) : Json::parse(snapshot_json(report.devices));
  return line_of(json);
}

}  // namespace assay::cli
