// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/device_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "assay/sim/device_facts.hpp"
#include "assay/sim/event_reader.hpp"
#include "assay/sim/jitter.hpp"
#include "assay/sim/number.hpp"

namespace assay::sim {
namespace {

using text::TomlNode;
using text::TomlTable;

// Of an H100 without a context: 345 of 1980 MHz. Taken to be the same share elsewhere.
constexpr double kIdleClock = 345.0 / 1980.0;
constexpr std::string_view kUuidForm = "GPU-00000000-0000-0000-0000-000000000000";

bool is_uuid(std::string_view text) {
  if (text.size() != kUuidForm.size() || !text.starts_with("GPU-")) return false;
  for (std::size_t i = 4; i < text.size(); ++i) {
    const bool dash = kUuidForm[i] == '-';
    if (dash != (text[i] == '-')) return false;
    if (!dash && std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

std::string uuid_from(std::uint64_t seed) {
  const std::uint64_t a = mix(seed);
  const std::uint64_t b = mix(a);
  return fmt::format("GPU-{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", a >> 32U, (a >> 16U) & 0xffffU,
                     a & 0xffffU, b >> 48U, b & 0xffffffffffffU);
}

// The base with its last four digits counted up.
std::string uuid_from(const std::string& base, std::uint64_t step) {
  const std::string_view digits = std::string_view(base).substr(base.size() - 4);
  const std::uint64_t last = std::stoull(std::string(digits), nullptr, 16);
  return base.substr(0, base.size() - 4) + fmt::format("{:04x}", (last + step) & 0xffffU);
}

std::optional<Hertz> max_clock_of(const catalog::Chip& chip) {
  if (chip.max_clock) return chip.max_clock->value;
  std::optional<Hertz> most;
  for (const catalog::Peak& peak : chip.peaks) {
    if (peak.clock && (!most || *peak.clock > *most)) most = peak.clock;
  }
  return most;
}

// Takes the chip into the plan; false where it can't be simulated.
bool read_chip(TomlTable& table, const catalog::Catalog& catalog, DevicePlan& plan) {
  const std::string id = table.need_text("chip");
  if (id.empty()) return false;
  const TomlNode& at = *table.get("chip");
  const catalog::Chip* chip = catalog.find(id);
  if (chip == nullptr) {
    const auto guess = catalog.nearest(id, 1);
    table.problem(at, fmt::format("the catalog has no chip \"{}\"{}", text::quoted(id),
                                  guess.empty() ? ": see assay catalog"
                                                : fmt::format(": did you mean \"{}\"?", guess[0])));
    return false;
  }
  const auto& cc = chip->compute_capability;
  const auto limits = cc ? catalog::sm_limits(cc->major, cc->minor) : std::nullopt;
  const auto clock = max_clock_of(*chip);
  const catalog::MemoryTier* memory = chip->device_memory();
  const bool known = limits && chip->sm_count() && chip->tdp && clock && memory != nullptr &&
                     memory->bandwidth && memory->available();
  if (!known) {
    table.problem(at, fmt::format("chip \"{}\" can't be simulated: that takes an NVIDIA GPU whose "
                                  "compute capability, SMs, clock, power and memory are known",
                                  id));
    return false;
  }
  plan.chip = *chip;
  plan.limits = *limits;
  plan.max_clock = *clock;
  plan.idle_clock = *clock * kIdleClock;
  plan.power_limit = chip->tdp->value;
  return true;
}

// Does the process still have its context then? The loss of the device ends it.
bool holds(const ProcessSpec& process, std::int64_t at_ns, const DevicePlan& plan) {
  if (process.start_ns > at_ns || process.stop_ns <= at_ns) return false;
  return std::ranges::none_of(plan.events, [&](const EventSpec& event) {
    const bool ends = event.kind == EventKind::lost || event.kind == EventKind::driver_unload;
    return ends && event.at_ns >= process.start_ns && event.at_ns <= at_ns;
  });
}

// The most that is held at one time: memory only grows at a start.
void check_memory(TomlTable& table, const DevicePlan& plan) {
  const Bytes most = usable_memory(plan.chip);
  for (const ProcessSpec& one : plan.processes) {
    Bytes held;
    for (const ProcessSpec& other : plan.processes) {
      if (holds(other, one.start_ns, plan)) held += other.memory + kContextMemory;
    }
    if (held <= most) continue;
    table.problem_here(fmt::format(
        "its processes hold {:.0f} MiB at {} s, contexts included, and "
        "{} has {:.0f}: lower memory_mib",
        held / mib(1), static_cast<double>(one.start_ns) * 1e-9, plan.chip.id, most / mib(1)));
    return;
  }
}

}  // namespace

void read_device(const TomlNode& node, const catalog::Catalog& catalog, KernelShelf& shelf,
                 text::Problems& problems, Scenario& out) {
  TomlTable table(node, "[[device]]", problems);
  DevicePlan plan;
  if (!read_chip(table, catalog, plan)) return;
  shelf.begin_device();
  const auto count =
      static_cast<std::uint64_t>(whole(table, "count", {1, kMaxDevices}).value_or(1));
  if (out.devices.size() + count > kMaxDevices) {
    table.problem_here(fmt::format("more than {} devices in all: lower count", kMaxDevices));
    return;
  }
  const std::string uuid = table.text("uuid");
  if (!uuid.empty() && !is_uuid(uuid)) {
    table.problem_here(fmt::format("uuid must look like \"{}\"", kUuidForm));
    return;
  }
  plan.ambient_c = number(table, "ambient_c", {-20, 80}).value_or(plan.ambient_c);
  plan.power_limit =
      Watts(number(table, "power_limit_w", {1, 1e4}).value_or(plan.power_limit.value()));
  const std::int64_t stagger = microseconds(table, "stagger_us").value_or(0);
  read_processes(table, shelf, plan, problems);
  const auto processes = static_cast<std::int64_t>(plan.processes.size());
  const std::int64_t pid_step = whole(table, "pid_step", {0, 1e5}).value_or(processes);
  plan.events = read_events(table, problems);
  check_memory(table, plan);
  table.finish();

  const auto shared = std::make_shared<const DevicePlan>(std::move(plan));
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto n = static_cast<std::int64_t>(i);
    DeviceEntry entry{.plan = shared, .offset_ns = stagger * n, .pid_offset = pid_step * n};
    entry.seed = mix(out.seed ^ mix(out.devices.size()));
    entry.uuid = uuid.empty() ? uuid_from(entry.seed) : uuid_from(uuid, i);
    out.devices.push_back(std::move(entry));
  }
}

void check_uuids(const Scenario& scenario, int line, text::Problems& problems) {
  std::set<std::string_view> seen;
  for (const DeviceEntry& entry : scenario.devices) {
    if (seen.insert(entry.uuid).second) continue;
    problems.add(line, fmt::format("two devices have uuid {}: change one", entry.uuid));
    return;
  }
}

}  // namespace assay::sim
