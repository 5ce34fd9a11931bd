// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "assay/probe/trace/table.hpp"

namespace assay::probe::trace {
namespace {

using sample::CopyKind;
using trace_ring::CopySlot;
using trace_ring::KernelSlot;
using trace_ring::Kind;
using trace_ring::Slot;
using trace_ring::SpanSlot;
using trace_ring::TextSlot;

constexpr std::uint16_t kMostDevices = 1024;   // ordinals above are nonsense
constexpr std::uint32_t kMostNameIds = 65536;  // as are these

template <typename S>
S as(const Slot& slot) {
  S out;
  std::memcpy(&out, slot.data(), sizeof out);
  return out;
}

Seconds seconds(std::uint64_t ns) { return Seconds(static_cast<double>(ns) * 1e-9); }

// By CUpti_ActivityMemcpyKind (cupti_activity.h); what involves arrays counts as device memory.
CopyKind copy_kind(std::uint8_t way) {
  switch (way) {
    case 1:
    case 3: return CopyKind::host_to_device;
    case 2:
    case 4: return CopyKind::device_to_host;
    case 5:
    case 6:
    case 7:
    case 8: return CopyKind::device_to_device;
    case 9: return CopyKind::host_to_host;
    case 10: return CopyKind::peer_to_peer;
    case trace_ring::kMemset: return CopyKind::memset;
    default: return CopyKind::other;
  }
}

std::string uuid_text(const std::array<std::uint8_t, 16>& uuid) {
  std::string text = "GPU-";
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", uuid[i]);
  }
  return text;
}

sample::KernelSignature shape_of(const KernelSlot& slot) {
  return {.grid = slot.grid,
          .block = {slot.block[0], slot.block[1], slot.block[2]},
          .registers = slot.registers,
          .static_shared = slot.static_shared,
          .dynamic_shared = slot.dynamic_shared,
          .in_graph = (slot.flags & trace_ring::kInGraph) != 0,
          .whole_graph = (slot.flags & trace_ring::kWholeGraph) != 0};
}

}  // namespace

void Tally::take(std::size_t process, std::int64_t pid, std::int64_t to_unix_ns,
                 std::span<const Slot> slots) {
  if (process >= processes_.size()) processes_.resize(process + 1);
  Process& from = processes_[process];
  from.pid = pid;
  from.to_unix_ns = to_unix_ns;
  for (const Slot& slot : slots) take_one(from, slot);
}

void Tally::take_one(Process& process, const Slot& slot) {
  if (process.text_slots_left > 0) {
    const std::size_t rest = process.text.length - process.text_read.size();
    process.text_read.append(reinterpret_cast<const char*>(slot.data()),
                             std::min(rest, slot.size()));
    if (--process.text_slots_left == 0) take_text(process);
    return;
  }
  switch (static_cast<Kind>(slot[0])) {
    case Kind::kernel: return take_kernel(process, as<KernelSlot>(slot));
    case Kind::copy: return take_copy(process, as<CopySlot>(slot));
    case Kind::synchronization:
    case Kind::burst: return take_span(process, as<SpanSlot>(slot));
    case Kind::name:
    case Kind::device: {
      process.text = as<TextSlot>(slot);
      process.text.length = std::min(process.text.length, trace_ring::kLongestText);
      process.text_read.clear();
      process.text_slots_left = trace_ring::slots_of_text(process.text.length);
      if (process.text_slots_left == 0) take_text(process);
      return;
    }
    case Kind::none: return;
  }
}

std::uint32_t Tally::device_of(Process& process, std::uint16_t ordinal) {
  ordinal = std::min(ordinal, kMostDevices);
  const auto [at, is_new] =
      process.devices.emplace(ordinal, static_cast<std::uint32_t>(devices_.size()));
  if (is_new)
    devices_.push_back({.process = static_cast<std::size_t>(&process - processes_.data())});
  return at->second;
}

void Tally::take_kernel(Process& process, const KernelSlot& slot) {
  if (slot.end < slot.start) return;
  RowKey key{.device = device_of(process, slot.device),
             .grid = slot.grid,
             .block = slot.block,
             .registers = slot.registers,
             .static_shared = slot.static_shared,
             .dynamic_shared = slot.dynamic_shared,
             .flags = slot.flags};
  if ((slot.flags & trace_ring::kWholeGraph) != 0)
    key.name = names_.intern(fmt::format("(graph {})", slot.graph));
  else if (const auto name = process.names.find(slot.name); name != process.names.end())
    key.name = name->second;

  Row& row = book_.at(key);
  row.launch(slot.end - slot.start, slot.stream);
  if (process.bursts.bursts() > 0) {
    if (!std::exchange(row.is_in_burst, true)) process.in_burst.push_back(&row);
    row.in_burst += static_cast<double>(slot.end - slot.start);
    process.bursts.launch(slot.launch, slot.flags == 0);
  }
  Device& device = devices_[key.device];
  device.kernels_ns += slot.end - slot.start;
  device.timeline.add(slot.start, slot.end, &row);
  ++process.records;
  ++table_.launches;
  if (sink_ != nullptr) tell(process, slot, key);
}

void Tally::tell(const Process& process, const KernelSlot& slot, const RowKey& key) {
  const sample::KernelSignature shape = shape_of(slot);
  sink_->on({.pid = process.pid,
             .device = slot.device,
             .stream = slot.stream,
             .start_unix_ns = static_cast<std::int64_t>(slot.start) + process.to_unix_ns,
             .duration_ns = static_cast<std::int64_t>(slot.end - slot.start),
             .name = names_.at(key.name),
             .kernel = &shape});
}

void Tally::take_copy(Process& process, const CopySlot& slot) {
  ++process.records;
  const CopyKind kind = copy_kind(slot.way);
  sample::CopyTotal& total = table_.copies[static_cast<std::size_t>(kind)];
  ++total.count;
  total.bytes += Bytes(static_cast<double>(slot.bytes));
  if (slot.start == 0 || slot.end < slot.start) return;  // CUPTI could not take the time
  total.time += seconds(slot.end - slot.start);
  devices_[device_of(process, slot.device)].timeline.add(slot.start, slot.end, nullptr);
  if (sink_ == nullptr) return;
  sink_->on({.pid = process.pid,
             .device = slot.device,
             .stream = slot.stream,
             .start_unix_ns = static_cast<std::int64_t>(slot.start) + process.to_unix_ns,
             .duration_ns = static_cast<std::int64_t>(slot.end - slot.start),
             .copy = kind,
             .bytes = Bytes(static_cast<double>(slot.bytes))});
}

void Tally::take_span(Process& process, const SpanSlot& slot) {
  if (slot.kind == Kind::synchronization) {
    ++process.records;
    ++table_.synchronizations;
    if (slot.end > slot.start) table_.synchronizing += seconds(slot.end - slot.start);
    return;
  }
  if (slot.end != 0) return process.bursts.close(slot.start, slot.end);
  settle(process);
  process.bursts.open(slot.start);
  // What the pause between two bursts hid is no gap.
  for (const auto& [ordinal, device] : process.devices) devices_[device].timeline.cut();
}

// The burst before is over: what came after its end was still running then.
void Tally::settle(Process& process) {
  for (Row* row : process.in_burst) row->settle(process.bursts.in_burst());
  process.in_burst.clear();
}

void Tally::take_text(Process& process) {
  const TextSlot& text = process.text;
  if (text.kind == Kind::name) {
    if (text.id <= kMostNameIds) process.names[text.id] = names_.intern(process.text_read);
    return;
  }
  sample::TracedDevice& facts = devices_[device_of(process, text.device)].facts;
  facts.uuid = uuid_text(text.uuid);
  facts.name = process.text_read;
  facts.cc_major = static_cast<int>(std::min(text.cc_major, 999U));
  facts.cc_minor = static_cast<int>(std::min(text.cc_minor, 999U));
  if (text.sm_count > 0 && text.sm_count < 100'000)
    facts.sm_count = static_cast<int>(text.sm_count);
}

void Tally::close(std::size_t process, std::uint64_t ended) {
  if (process >= processes_.size()) return;
  settle(processes_[process]);
  processes_[process].bursts.finish(ended);
}

std::vector<std::string> Tally::worked() const {
  std::vector<std::string> out;
  for (const Device& device : devices_)
    if (device.kernels_ns > 0 && !device.facts.uuid.empty()) out.push_back(device.facts.uuid);
  return out;
}

// What was seen of each process stands for its own share of the whole.
void Tally::set_scale() {
  double seen = 0;
  double estimated = 0;
  for (const Process& process : processes_) {
    table_.records += process.records;
    table_.bursts += process.bursts.bursts();
    seen += process.bursts.launches();
    estimated += process.bursts.launches() * process.bursts.scale();
  }
  for (const Process& process : processes_)
    if (seen == 0) table_.scale = std::max(table_.scale, process.bursts.scale());
  if (seen > 0) table_.scale = std::max(1.0, estimated / seen);
}

sample::KernelTable Tally::result() {
  set_scale();
  DeviceList list;
  for (Device& device : devices_) {
    device.timeline.cut();
    device.facts.busy = seconds(device.timeline.busy_ns());
    device.facts.kernels = seconds(device.kernels_ns);
    device.facts.span = seconds(device.timeline.last() - device.timeline.first());
    list.add(device.facts);
  }
  fill_rows(table_, book_, names_, list, [this](std::uint32_t device) -> const BurstCount& {
    return processes_[devices_[device].process].bursts;
  });
  table_.devices = std::move(list.devices);
  return std::move(table_);
}

}  // namespace assay::probe::trace
