// SPDX-License-Identifier: Apache-2.0
#include "assay/nvml_sim/nvml.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string>

namespace assay::nvml_sim {
namespace {

// By number; NVML's own words (driver 580.159).
constexpr std::array<const char*, 31> kErrorStrings = {
    "Success",
    "Uninitialized",
    "Invalid Argument",
    "Not Supported",
    "Insufficient Permissions",
    "Already Initialized",
    "Not Found",
    "Insufficient Size",
    "Insufficient External Power",
    "Driver Not Loaded",
    "Timeout",
    "Interrupt Request Issue",
    "NVML Shared Library Not Found",
    "Function Not Found",
    "Corrupted infoROM",
    "GPU is lost",
    "GPU requires reset",
    "GPU access blocked by the operating system",
    "Driver/library version mismatch",
    "In use by another client",
    "Insufficient Memory",
    "No data",
    "vGPU ECC not supported",
    "Insufficient Resources",
    "Invalid Frequency",
    "Argument version mismatch",
    "Requested functionality has been deprecated",
    "System is not in ready state",
    "No supported GPUs were found",
    "Resource not in correct state to perform requested operation",
    "Reset type is not supported for given device",
};

// What is to come, of how many states it is kept: of a device, of all together. More devices than a
// few keep where a load begins to repeat itself only, or a thousand would take too much memory.
constexpr std::size_t kMostOfADevice = 48;
constexpr std::size_t kMostAhead = 2048;
constexpr std::size_t kFewDevices = 16;

struct PciAddress {
  u32 domain = 0;
  u32 bus = 0;
  u32 device = 0;
};

// "domain:bus:device.function" or "bus:device.function", hexadecimal.
std::optional<PciAddress> parse_pci(std::string_view text) {
  std::array<u32, 4> part{};
  std::size_t count = 0;
  const auto colons = std::ranges::count(text, ':');
  if (colons != 1 && colons != 2) return std::nullopt;
  while (count < part.size()) {
    const auto [end, bad] =
        std::from_chars(text.data(), text.data() + text.size(), part[count], 16);
    if (bad != std::errc()) return std::nullopt;
    ++count;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) break;
    if (text.front() != ':' && text.front() != '.') return std::nullopt;
    text.remove_prefix(1);
  }
  const std::size_t first = colons == 2 ? 1 : 0;
  if (!text.empty() || count < first + 2) return std::nullopt;
  return PciAddress{first == 1 ? part[0] : 0, part[first], part[first + 1]};
}

}  // namespace

const char* error_string(Return code) {
  const auto number = static_cast<std::size_t>(code);
  return number < kErrorStrings.size() ? kErrorStrings[number] : "Unknown Error";
}

Return put_text(std::string_view value, char* text, u32 size) {
  if (text == nullptr) return Return::invalid_argument;
  if (size <= value.size()) return Return::insufficient_size;
  std::memcpy(text, value.data(), value.size());
  text[value.size()] = '\0';
  return Return::success;
}

Return nvml_version(char* text, u32 size) { return put_text(kNvmlVersion, text, size); }

Nvml::Nvml(const sim::Scenario& scenario, std::unique_ptr<TimeSource> time)
    : scenario_(scenario), world_(sim::World::make(scenario_)), time_(std::move(time)) {
  const auto foresight =
      world_.size() <= kFewDevices ? sim::Foresight::all_the_way : sim::Foresight::courses;
  std::size_t left = kMostAhead;
  for (sim::Device& device : world_.devices())
    left -= device.look_ahead(std::min(left, kMostOfADevice), foresight);
  for (std::size_t i = 0; i < world_.size(); ++i)
    boards_.push_back(std::make_unique<Board>(world_.device(i), *scenario_.devices[i].plan));
}

Return Nvml::init() {
  const std::int64_t now = time_->now_ns();
  const auto has_driver = [now](const std::unique_ptr<Board>& board) {
    const std::lock_guard lock(board->mutex());
    board->advance_to(now);
    return board->moment().presence != sim::Presence::unloaded;
  };
  if (!boards_.empty() && std::ranges::none_of(boards_, has_driver))
    return Return::driver_not_loaded;
  users_.fetch_add(1);
  return Return::success;
}

Return Nvml::shutdown() {
  int users = users_.load();
  while (users > 0)
    if (users_.compare_exchange_weak(users, users - 1)) return Return::success;
  return Return::uninitialized;
}

Return Nvml::ready() const {
  return users_.load(std::memory_order_relaxed) > 0 ? Return::success : Return::uninitialized;
}

Board* Nvml::find(Device device) const {
  const auto number = DeviceHandles::number(device);
  return number && *number < boards_.size() ? boards_[*number].get() : nullptr;
}

Return Nvml::present(const Board& board) {
  switch (board.moment().presence) {
    case sim::Presence::ok: return Return::success;
    case sim::Presence::lost: return Return::gpu_is_lost;
    case sim::Presence::unloaded: return Return::driver_not_loaded;
  }
  return Return::unknown;
}

Return Nvml::unsupported() {
  const Return code = ready();
  return code == Return::success ? Return::not_supported : code;
}

Return Nvml::unsupported_of_device(Device device) {
  return on(device, [](const Board&) { return Return::not_supported; });
}

Return Nvml::driver_version(char* text, u32 size) {
  const Return code = ready();
  return code == Return::success ? put_text(kDriverVersion, text, size) : code;
}

Return Nvml::cuda_version(i32* out) {
  if (out == nullptr) return Return::invalid_argument;
  *out = kCudaVersion;
  return Return::success;
}

Return Nvml::driver_branch(abi::DriverBranch* out, u32 size) {
  if (const Return code = ready(); code != Return::success) return code;
  if (out == nullptr) return Return::invalid_argument;
  if (out->version != abi::version_tag(sizeof(abi::DriverBranch), 1))
    return Return::argument_version_mismatch;
  return put_text("r580_00", out->branch, std::min<u32>(size, sizeof out->branch));
}

Return Nvml::process_name(u32 pid, char* text, u32 size) {
  if (const Return code = ready(); code != Return::success) return code;
  if (text == nullptr || size == 0) return Return::invalid_argument;
  for (const sim::DeviceEntry& entry : scenario_.devices) {
    const std::int64_t wanted = std::int64_t{pid} - entry.pid_offset;
    const auto same = [wanted](const sim::ProcessSpec& process) { return process.pid == wanted; };
    const auto found = std::ranges::find_if(entry.plan->processes, same);
    if (found == entry.plan->processes.end()) continue;
    // A buffer that is too small gets as much as fits.
    const std::size_t length = std::min<std::size_t>(found->name.size(), size - 1);
    std::memcpy(text, found->name.data(), length);
    text[length] = '\0';
    return Return::success;
  }
  return Return::not_found;
}

Return Nvml::unit_count(u32* out) {  // no S-class units
  if (const Return code = ready(); code != Return::success) return code;
  if (out == nullptr) return Return::invalid_argument;
  *out = 0;
  return Return::success;
}

Return Nvml::excluded_count(u32* out) { return unit_count(out); }

Return Nvml::device_count(u32* out) {
  if (const Return code = ready(); code != Return::success) return code;
  if (out == nullptr) return Return::invalid_argument;
  *out = static_cast<u32>(boards_.size());
  return Return::success;
}

// The handle of the first device that is `same`, which looks at facts alone.
template <typename Same>
Return Nvml::lookup(Device* out, Same same) {
  for (std::size_t i = 0; i < boards_.size(); ++i) {
    if (!same(boards_[i]->facts())) continue;
    const Device device = DeviceHandles::of(i);
    return on(device, [&](const Board&) {
      *out = device;
      return Return::success;
    });
  }
  return Return::not_found;
}

Return Nvml::device_by_index(u32 index, Device* out) {
  if (const Return code = ready(); code != Return::success) return code;
  if (out == nullptr || index >= boards_.size()) return Return::invalid_argument;
  return lookup(out, [index](const sim::DeviceFacts& facts) {
    return facts.index == static_cast<int>(index);
  });
}

Return Nvml::device_by_serial(const char* serial, Device* out) {
  if (const Return code = ready(); code != Return::success) return code;
  if (serial == nullptr || out == nullptr) return Return::invalid_argument;
  return lookup(out, [serial](const sim::DeviceFacts& facts) { return facts.serial == serial; });
}

Return Nvml::device_by_uuid(const char* uuid, Device* out) {
  if (const Return code = ready(); code != Return::success) return code;
  if (uuid == nullptr || out == nullptr) return Return::invalid_argument;
  return lookup(out, [uuid](const sim::DeviceFacts& facts) { return facts.uuid == uuid; });
}

Return Nvml::device_by_pci(const char* bus_id, Device* out) {
  if (const Return code = ready(); code != Return::success) return code;
  if (bus_id == nullptr || out == nullptr) return Return::invalid_argument;
  const std::optional<PciAddress> at = parse_pci(bus_id);
  if (!at) return Return::invalid_argument;
  return lookup(out, [&](const sim::DeviceFacts& facts) {
    return facts.pci_domain == at->domain && facts.pci_bus == at->bus && at->device == 0;
  });
}

}  // namespace assay::nvml_sim
