// SPDX-License-Identifier: Apache-2.0
// Fields by number, NVML_FI_DEV_* of nvml.h (NVML 12.4 and 13.0).
#include <cmath>

#include "assay/nvml_sim/links.hpp"
#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {
namespace {

constexpr u32 kEccCurrent = 1;
constexpr u32 kEccPending = 2;
constexpr u32 kFirstEccTotal = 3;  // corrected, uncorrected since load; then ever
constexpr u32 kLastEccTotal = 6;
constexpr u32 kRetiredSingle = 29;
constexpr u32 kRetiredDouble = 30;
constexpr u32 kTotalEnergy = 83;
constexpr u32 kNvlinkCount = 91;
constexpr u32 kPcieReplays = 94;
constexpr u32 kNvlinkDataTx = 138;  // KiB since load, all links
constexpr u32 kNvlinkDataRx = 139;
constexpr u32 kFirstRemapped = 142;  // corrected, uncorrected, pending, failed
constexpr u32 kLastRemapped = 145;
constexpr u32 kPowerAverage = 185;
constexpr u32 kPowerDefaultLimit = 189;
constexpr u32 kPowerCurrentLimit = 190;
constexpr u32 kEnergy = 191;
constexpr u32 kHighest = 274;  // above it a driver 580 knows none

struct Answer {
  abi::ValueType type;
  u64 value;
};

Answer as_u32(double value) { return {abi::ValueType::u32, static_cast<u64>(std::lround(value))}; }
Answer as_u64(u64 value) { return {abi::ValueType::u64, value}; }

u64 nvlink_kib(const Board& board, bool sent) {
  const sim::Integrals since = board.device().integrals() - board.device().at_load();
  return static_cast<u64>((sent ? since.nvlink_tx_bytes : since.nvlink_rx_bytes) / 1024.0);
}

// What depends on the chip's age or links.
std::optional<Answer> chip_answer(const Board& board, u32 field) {
  const bool remaps = board.at_least(8);
  const u32 links = nvlinks_of(*board.facts().chip);
  if (field >= kFirstRemapped && field <= kLastRemapped)
    return remaps ? std::optional(as_u64(0)) : std::nullopt;
  switch (field) {
    case kRetiredSingle:
    case kRetiredDouble: return remaps ? std::nullopt : std::optional(as_u64(0));
    case abi::kFieldRetiredPending: return remaps ? std::nullopt : std::optional(as_u64(0));
    case kNvlinkCount: return links > 0 ? std::optional(as_u32(links)) : std::nullopt;
    case kNvlinkDataTx:
    case kNvlinkDataRx:
      if (links == 0) return std::nullopt;
      return as_u64(nvlink_kib(board, field == kNvlinkDataTx));
    case kTotalEnergy:
    case kEnergy:
      return board.at_least(7) ? std::optional(as_u64(board.millijoules())) : std::nullopt;
    default: return std::nullopt;
  }
}

std::optional<Answer> answer(const Board& board, u32 field) {
  const sim::Moment& now = board.moment();
  if (field >= kFirstEccTotal && field <= kLastEccTotal)
    return as_u64(field % 2 == 1 ? now.ecc_corrected : now.ecc_uncorrected);
  switch (field) {
    case kEccCurrent:
    case kEccPending: return as_u64(1);
    case abi::kFieldMemoryTemp: return as_u32(now.memory_temperature.value());
    case kPcieReplays: return as_u32(0);
    case kPowerAverage: return as_u32(board.mean_watts() * 1e3);
    case abi::kFieldPowerInstant: return as_u32(now.power.value() * 1e3);
    case kPowerDefaultLimit: return as_u32(board.facts().default_power_limit.value() * 1e3);
    case kPowerCurrentLimit: return as_u32(now.power_limit.value() * 1e3);
    default: return chip_answer(board, field);
  }
}

}  // namespace

Return Nvml::field_value(const Board& board, abi::FieldValue& value) {
  value.timestamp_us = time_->wall_us(board.device().now_ns());
  value.latency_us = 0;
  if (value.field == 0 || value.field > kHighest) return Return::invalid_argument;
  const std::optional<Answer> found = answer(board, value.field);
  if (!found) return Return::not_supported;
  value.type = found->type;
  value.value.as_u64 = found->value;
  return Return::success;
}

Return Nvml::field_values(Device device, i32 count, abi::FieldValue* values) {
  return on(device, [&](const Board& board) {
    if (count <= 0 || values == nullptr) return Return::invalid_argument;
    for (i32 i = 0; i < count; ++i) values[i].result = field_value(board, values[i]);
    return Return::success;
  });
}

}  // namespace assay::nvml_sim
