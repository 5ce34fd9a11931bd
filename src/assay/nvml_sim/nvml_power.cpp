// SPDX-License-Identifier: Apache-2.0
// Clocks, power, energy, heat.
#include <algorithm>
#include <cmath>

#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {
namespace {

constexpr u32 kMemory = static_cast<u32>(abi::ClockType::memory);
constexpr u32 kStepMhz = 15;        // between the graphics clocks of a data centre board
constexpr u64 kAllReasons = 0x1ff;  // as an H100's driver 580.159 supports them
constexpr u32 kCurrentClock = 0;    // NVML_CLOCK_ID_CURRENT
constexpr u32 kCustomerBoost = 3;   // NVML_CLOCK_ID_CUSTOMER_BOOST_MAX

u32 as_mhz(Hertz clock) { return static_cast<u32>(std::lround(clock.value() * 1e-6)); }
u32 as_milliwatts(double watts) { return static_cast<u32>(std::lround(watts * 1e3)); }

// Graphics and SM clocks are one; the video clock is not simulated.
std::optional<u32> clock_now(const Board& board, u32 type) {
  if (type == abi::kClockVideo) return std::nullopt;
  if (type != kMemory) return as_mhz(board.moment().sm_clock);
  if (board.facts().memory_clock <= Hertz(0)) return std::nullopt;
  return as_mhz(board.facts().memory_clock);
}

std::optional<u32> clock_max(const Board& board, u32 type) {
  if (type == abi::kClockVideo) return std::nullopt;
  return type == kMemory ? clock_now(board, type) : as_mhz(board.facts().max_sm_clock);
}

}  // namespace

Return Nvml::clock(Device device, u32 type, u32* mhz) {
  if (type >= abi::kClockTypes) return unsupported_of_device(device);
  return give(device, mhz, [type](const Board& board) { return clock_now(board, type); });
}
Return Nvml::max_clock(Device device, u32 type, u32* mhz) {
  return on(device, [&](const Board& board) {
    if (mhz == nullptr || type >= abi::kClockTypes) return Return::invalid_argument;
    const std::optional<u32> value = clock_max(board, type);
    if (value) *mhz = *value;
    return value ? Return::success : Return::not_supported;
  });
}
Return Nvml::application_clock(Device device, u32 type, u32* mhz) {
  return max_clock(device, type, mhz);
}
Return Nvml::boost_clock(Device device, u32 type, u32* mhz) {
  if (type == kMemory) return unsupported_of_device(device);
  return max_clock(device, type, mhz);
}
Return Nvml::clock_by_id(Device device, u32 type, u32 id, u32* mhz) {
  if (id == kCurrentClock) return clock(device, type, mhz);
  if (id == kCustomerBoost) return boost_clock(device, type, mhz);
  if (id < abi::kClockIds) return max_clock(device, type, mhz);
  const Return code = unsupported_of_device(device);
  return code == Return::not_supported ? Return::invalid_argument : code;
}

Return Nvml::memory_clocks(Device device, u32* count, u32* mhz) {
  return on(device, [&](const Board& board) {
    const std::optional<u32> clock = clock_now(board, kMemory);
    if (count == nullptr) return Return::invalid_argument;
    if (!clock) return Return::not_supported;
    const bool room = *count >= 1;
    *count = 1;
    if (!room) return Return::insufficient_size;
    if (mhz == nullptr) return Return::invalid_argument;
    mhz[0] = *clock;
    return Return::success;
  });
}
Return Nvml::graphics_clocks(Device device, u32 memory_mhz, u32* count, u32* mhz) {
  return on(device, [&](const Board& board) {
    if (count == nullptr) return Return::invalid_argument;
    if (clock_now(board, kMemory) != memory_mhz) return Return::not_found;
    const u32 top = as_mhz(board.facts().max_sm_clock);
    const u32 bottom = std::min(as_mhz(board.plan().idle_clock), top);
    const u32 needed = (top - bottom) / kStepMhz + 1;
    const u32 room = *count;
    *count = needed;
    if (room < needed) return Return::insufficient_size;
    if (mhz == nullptr) return Return::invalid_argument;
    for (u32 i = 0; i < needed; ++i) mhz[i] = top - i * kStepMhz;
    return Return::success;
  });
}

Return Nvml::throttle_reasons(Device device, u64* out) {
  return give(device, out, [](const Board& board) { return board.moment().throttle; });
}
Return Nvml::supported_throttle_reasons(Device device, u64* out) {
  return give(device, out, [](const Board&) { return kAllReasons; });
}
Return Nvml::performance_state(Device device, u32* out) {  // an H100 is in P0 even when idle
  return give(device, out, [](const Board&) { return 0U; });
}

// nvml.h: averaged over a second on Ampere (but GA100) and newer, of this moment before.
Return Nvml::power(Device device, u32* milliwatts) {
  return give(device, milliwatts, [](const Board& board) {
    return as_milliwatts(board.at_least(8, 6) ? board.mean_watts() : board.moment().power.value());
  });
}
Return Nvml::power_limit(Device device, u32* milliwatts) {
  return give(device, milliwatts,
              [](const Board& board) { return as_milliwatts(board.moment().power_limit.value()); });
}
Return Nvml::default_power_limit(Device device, u32* milliwatts) {
  return give(device, milliwatts, [](const Board& board) {
    return as_milliwatts(board.facts().default_power_limit.value());
  });
}
Return Nvml::energy(Device device, u64* millijoules) {  // nvml.h: Volta and newer
  return give(device, millijoules, [](const Board& board) -> std::optional<u64> {
    if (!board.at_least(7)) return std::nullopt;
    return board.millijoules();
  });
}
Return Nvml::power_source(Device device, u32* out) {  // NVML_POWER_SOURCE_AC
  return give(device, out, [](const Board&) { return 0U; });
}

Return Nvml::temperature(Device device, u32 sensor, u32* celsius) {
  return on(device, [&](const Board& board) {
    if (celsius == nullptr || sensor != abi::kTemperatureGpu) return Return::invalid_argument;
    *celsius = static_cast<u32>(std::lround(board.moment().temperature.value()));
    return Return::success;
  });
}
Return Nvml::temperature_v(Device device, abi::Temperature* out) {
  if (const Return code = ready(); code != Return::success) return code;
  if (out == nullptr) return Return::invalid_argument;
  if (out->version != abi::version_tag(sizeof(abi::Temperature), 1))
    return Return::argument_version_mismatch;
  u32 celsius = 0;
  const Return code = temperature(device, out->sensor, &celsius);
  if (code == Return::success) out->celsius = static_cast<std::int32_t>(celsius);
  return code;
}
Return Nvml::fan_count(Device device,
                       u32* out) {  // the boards of the catalog have none of their own
  return give(device, out, [](const Board&) { return 0U; });
}

}  // namespace assay::nvml_sim
