// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/run_events.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>

#include "assay/cli/run_json.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {
namespace {

using wire::Json;

// A member of an object, or null.
const Json& member(const Json& json, const char* key) {
  static const Json kNull;
  const auto it = json.is_object() ? json.find(key) : json.end();
  return json.is_object() && it != json.end() ? *it : kNull;
}

double real(const Json& json) {
  const double value = json.is_number() ? json.get<double>() : 0.0;
  return std::isfinite(value) && value >= 0 ? value : 0.0;
}

// Clamped, so that no text can make a conversion that is not defined.
template <typename T>
T integer(const Json& json) {
  constexpr auto kMost = static_cast<double>(std::numeric_limits<T>::max() / 2);
  return static_cast<T>(std::min(real(json), kMost));
}

Seconds seconds(const Json& json) { return Seconds(real(json)); }

std::string text(const Json& json) { return json.is_string() ? json.get<std::string>() : ""; }

bool is_true(const Json& json) { return json.is_boolean() && json.get<bool>(); }

std::array<std::uint32_t, 3> shape(const Json& json) {
  std::array<std::uint32_t, 3> out{};
  if (!json.is_array()) return out;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, json.size()); ++i)
    out[i] = integer<std::uint32_t>(json[i]);
  return out;
}

sample::KernelRow row_of(const Json& json) {
  sample::KernelRow row{
      .signature = {.name = text(member(json, "name")),
                    .grid = shape(member(json, "grid")),
                    .block = shape(member(json, "block")),
                    .registers = integer<std::uint32_t>(member(json, "registers")),
                    .static_shared = integer<std::uint32_t>(member(json, "static_shared")),
                    .dynamic_shared = integer<std::uint32_t>(member(json, "dynamic_shared")),
                    .device = integer<int>(member(json, "device")),
                    .in_graph = is_true(member(json, "in_graph")),
                    .whole_graph = is_true(member(json, "whole_graph"))},
      .launches = integer<std::int64_t>(member(json, "launches")),
      .total = seconds(member(json, "total_s")),
      .shortest = seconds(member(json, "shortest_s")),
      .longest = seconds(member(json, "longest_s")),
      .gap = seconds(member(json, "gap_s")),
      .gaps = integer<std::int64_t>(member(json, "gaps")),
      .streams = integer<int>(member(json, "streams")),
      .total_error = {}};
  if (member(json, "total_error_s").is_number())
    row.total_error = seconds(member(json, "total_error_s"));
  return row;
}

sample::TracedDevice device_of(const Json& json) {
  sample::TracedDevice device{.uuid = text(member(json, "uuid")),
                              .name = text(member(json, "name")),
                              .cc_major = integer<int>(member(json, "cc_major")),
                              .cc_minor = integer<int>(member(json, "cc_minor")),
                              .sm_count = {},
                              .busy = seconds(member(json, "busy_s")),
                              .kernels = seconds(member(json, "kernels_s")),
                              .span = seconds(member(json, "span_s"))};
  if (member(json, "sm_count").is_number())
    device.sm_count = integer<int>(member(json, "sm_count"));
  return device;
}

sample::TracedProcess process_of(const Json& json) {
  return {.pid = integer<std::int64_t>(member(json, "pid")),
          .name = text(member(json, "name")),
          .cupti = text(member(json, "cupti")),
          .trouble = text(member(json, "trouble")),
          .records = integer<std::int64_t>(member(json, "records")),
          .lost = integer<std::int64_t>(member(json, "lost")),
          .ended = is_true(member(json, "ended"))};
}

sample::KernelTable table_of(const Json& trace) {
  sample::KernelTable table;
  table.records = integer<std::int64_t>(member(trace, "records"));
  table.launches = integer<std::int64_t>(member(trace, "launches"));
  table.lost = integer<std::int64_t>(member(trace, "lost"));
  table.scale = std::max(1.0, real(member(trace, "scale")));
  table.bursts = integer<std::int64_t>(member(trace, "bursts"));
  table.rest.launches = integer<std::int64_t>(member(trace, "launches_beyond_the_table"));
  table.rest.total = seconds(member(trace, "seconds_beyond_the_table"));
  table.synchronizations = integer<std::int64_t>(member(trace, "synchronizations"));
  table.synchronizing = seconds(member(trace, "synchronizing_s"));
  const Json& copies = member(trace, "copies");
  for (std::size_t i = 0; i < sample::kCopyKinds; ++i) {
    const Json& total =
        member(copies, std::string(copy_word(static_cast<sample::CopyKind>(i))).c_str());
    table.copies[i] = {.count = integer<std::int64_t>(member(total, "count")),
                       .bytes = Bytes(real(member(total, "bytes"))),
                       .time = seconds(member(total, "time_s"))};
  }
  const auto each = [&](const char* key, auto take) {
    const Json& list = member(trace, key);
    if (list.is_array())
      for (const Json& item : list) take(item);
  };
  each("devices", [&](const Json& item) { table.devices.push_back(device_of(item)); });
  each("processes", [&](const Json& item) { table.processes.push_back(process_of(item)); });
  return table;
}

Json parsed(const sample::Event& event) {
  return Json::parse(event.text, nullptr, /*allow_exceptions=*/false);
}

}  // namespace

std::vector<MicroscopeLook> looks_of(std::span<const sample::Event> events) {
  std::vector<MicroscopeLook> out;
  const auto run = std::ranges::find(events, "run", &sample::Event::kind);
  if (run == events.end()) return out;
  const Json whole = parsed(*run);
  const Json& list = member(whole, "microscope");
  if (!list.is_array()) return out;
  const auto share = [](const Json& json) {
    return json.is_number() ? std::optional(std::min(1.0, real(json))) : std::nullopt;
  };
  for (const Json& item : list)
    out.push_back(
        {.uuid = text(member(item, "uuid")),
         .seen = {.lanes = share(member(item, "lanes")), .issue = share(member(item, "issue"))},
         .looks = integer<int>(member(item, "looks"))});
  return out;
}

std::optional<sample::KernelTable> kernel_table_of(std::span<const sample::Event> events) {
  const auto run = std::ranges::find(events, "run", &sample::Event::kind);
  if (run == events.end()) return std::nullopt;
  const Json whole = parsed(*run);
  if (!member(whole, "trace").is_object()) return std::nullopt;
  sample::KernelTable table = table_of(member(whole, "trace"));
  for (const sample::Event& event : events) {
    if (event.kind != "kernel") continue;
    const Json json = parsed(event);
    if (!json.is_object()) continue;
    sample::KernelRow row = row_of(json);
    if (static_cast<std::size_t>(row.signature.device) < table.devices.size())
      table.rows.push_back(std::move(row));
  }
  if (table.empty()) return std::nullopt;
  return table;
}

}  // namespace assay::cli
