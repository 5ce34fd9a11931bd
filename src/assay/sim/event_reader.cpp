// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/event_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "assay/sim/device.hpp"
#include "assay/sim/number.hpp"

namespace assay::sim {
namespace {

using text::TomlNode;
using text::TomlTable;

struct Placed {
  EventSpec event;
  int line = 1;
};

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 5> kReasons{{
    {"application", throttle::kApplicationClocks},
    {"hw-slowdown", throttle::kHwSlowdown},
    {"sw-thermal", throttle::kSwThermal},
    {"hw-thermal", throttle::kHwThermal},
    {"hw-power-brake", throttle::kHwPowerBrake},
}};

double need_number(TomlTable& table, std::string_view key, Bounds bounds) {
  (void)table.need(key);
  return number(table, key, bounds).value_or(bounds.least);
}

double need_whole(TomlTable& table, std::string_view key, Bounds bounds) {
  (void)table.need(key);
  return static_cast<double>(whole(table, key, bounds).value_or(0));
}

void read_clock_cap(TomlTable& table, EventSpec& event) {
  event.kind = EventKind::clock_cap;
  event.value = need_number(table, "mhz", {0, 1e5}) * 1e6;
  const std::string word = table.text("reason");
  event.reason = throttle::kApplicationClocks;
  if (word.empty()) return;
  for (const auto& [name, bit] : kReasons) {
    if (word == name) {
      event.reason = bit;
      return;
    }
  }
  table.problem_here(
      fmt::format("reason \"{}\" is none of application, hw-slowdown, sw-thermal, "
                  "hw-thermal, hw-power-brake",
                  text::quoted(word)));
}

void read_ecc(TomlTable& table, EventSpec event, int line, std::vector<Placed>& out) {
  const auto corrected = whole(table, "corrected", {1, 1e9});
  const auto uncorrected = whole(table, "uncorrected", {1, 1e9});
  if (!corrected && !uncorrected) {
    table.problem_here("an ecc event needs corrected or uncorrected, how many: add one");
  }
  event.kind = EventKind::ecc_corrected;
  event.value = static_cast<double>(corrected.value_or(0));
  if (corrected) out.push_back({event, line});
  event.kind = EventKind::ecc_uncorrected;
  event.value = static_cast<double>(uncorrected.value_or(0));
  if (uncorrected) out.push_back({event, line});
}

void read_event(const TomlNode& node, text::Problems& problems, std::vector<Placed>& out) {
  TomlTable table(node, "[[device.event]]", problems);
  EventSpec event;
  (void)table.need("at_s");
  event.at_ns = seconds(table, "at_s").value_or(0);
  const std::string kind = table.need_text("kind");
  if (kind == "ecc") {
    read_ecc(table, event, node.line, out);
  } else if (kind == "driver-reload") {
    event.kind = EventKind::driver_unload;
    out.push_back({event, node.line});
    (void)table.need("for_s");
    event.at_ns += std::max<std::int64_t>(1, seconds(table, "for_s").value_or(1));
    event.kind = EventKind::driver_load;
    out.push_back({event, node.line});
  } else {
    if (kind == "xid") {
      event.kind = EventKind::xid;
      event.value = need_whole(table, "xid", {1, 1000});
    } else if (kind == "lost") {
      event.kind = EventKind::lost;
    } else if (kind == "back") {
      event.kind = EventKind::back;
    } else if (kind == "power-cap") {
      event.kind = EventKind::power_cap;
      event.value = need_number(table, "watts", {1, 1e4});
    } else if (kind == "ambient") {
      event.kind = EventKind::ambient;
      event.value = need_number(table, "celsius", {-20, 80});
    } else if (kind == "clock-cap") {
      read_clock_cap(table, event);
    } else if (!kind.empty()) {
      table.problem_here(
          fmt::format("kind \"{}\" is none of xid, lost, back, ecc, driver-reload, "
                      "power-cap, ambient, clock-cap",
                      text::quoted(kind)));
    }
    out.push_back({event, node.line});
  }
  table.finish();
}

bool needs_device(EventKind kind) {
  return kind != EventKind::back && kind != EventKind::driver_load && kind != EventKind::ambient;
}

void check_order(const std::vector<Placed>& events, text::Problems& problems) {
  EventKind gone = EventKind::xid;  // none of lost and driver_unload: the device is there
  for (const auto& [event, line] : events) {
    const bool there = gone == EventKind::xid;
    if (there && (event.kind == EventKind::back || event.kind == EventKind::driver_load)) {
      problems.add(line, "the device comes back without having been lost: add that, earlier");
    } else if (!there && needs_device(event.kind)) {
      problems.add(line, fmt::format("{} while the device is not there: move it before or after",
                                     to_string(event.kind)));
    } else if ((gone == EventKind::lost && event.kind == EventKind::driver_load) ||
               (gone == EventKind::driver_unload && event.kind == EventKind::back)) {
      problems.add(line, "the device is lost and reloaded at once: end one before the other");
    }
    if (event.kind == EventKind::lost || event.kind == EventKind::driver_unload) gone = event.kind;
    if (event.kind == EventKind::back || event.kind == EventKind::driver_load)
      gone = EventKind::xid;
  }
}

}  // namespace

std::vector<EventSpec> read_events(TomlTable& device, text::Problems& problems) {
  std::vector<Placed> placed;
  for (const TomlNode* node : device.tables("event")) read_event(*node, problems, placed);
  std::ranges::stable_sort(placed, {}, [](const Placed& at) { return at.event.at_ns; });
  check_order(placed, problems);
  std::vector<EventSpec> out;
  out.reserve(placed.size());
  for (const Placed& at : placed) out.push_back(at.event);
  return out;
}

}  // namespace assay::sim
