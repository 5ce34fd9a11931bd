// SPDX-License-Identifier: Apache-2.0
// Memory, and what goes wrong in it.
#include <array>

#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {
namespace {

constexpr u32 kEccKinds = 2;     // nvmlMemoryErrorType_t
constexpr u32 kEccCounters = 2;  // nvmlEccCounterType_t
constexpr u32 kLocations = 8;    // nvmlMemoryLocation_t
constexpr u32 kDeviceMemory = 2;
constexpr u32 kSram = 7;
constexpr u32 kRetireCauses = 2;  // nvmlPageRetirementCause_t

u64 as_bytes(Bytes bytes) { return static_cast<u64>(bytes.value()); }

// The simulated errors are in device memory, and those of earlier loads are forgotten, so both
// counters (since load, and ever) say the same.
u64 ecc_count(const Board& board, u32 kind) {
  const sim::Moment moment = board.moment();
  return kind == 0 ? moment.ecc_corrected : moment.ecc_uncorrected;
}

bool ecc_arguments(u32 kind, u32 counter, const void* out) {
  return kind < kEccKinds && counter < kEccCounters && out != nullptr;
}

}  // namespace

// v1 counts what is reserved as used, v2 tells it apart (measured on an H100, driver 580.159).
Return Nvml::memory_v1(Device device, abi::MemoryV1* out) {
  return on(device, [&](const Board& board) {
    if (out == nullptr) return Return::invalid_argument;
    out->total = as_bytes(board.facts().memory_total);
    out->used = as_bytes(board.moment().memory_used + board.facts().memory_reserved);
    out->free = out->total > out->used ? out->total - out->used : 0;
    return Return::success;
  });
}
Return Nvml::memory_v2(Device device, abi::MemoryV2* out) {
  return on(device, [&](const Board& board) {
    if (out == nullptr) return Return::invalid_argument;
    // Not argument_version_mismatch: that is what driver 580.159 says here.
    if (out->version != abi::kMemoryV2) return Return::function_not_found;
    out->total = as_bytes(board.facts().memory_total);
    out->reserved = as_bytes(board.facts().memory_reserved);
    out->used = as_bytes(board.moment().memory_used);
    const u64 taken = out->reserved + out->used;
    out->free = out->total > taken ? out->total - taken : 0;
    return Return::success;
  });
}

Return Nvml::ecc_errors(Device device, u32 kind, u32 counter, u64* out) {
  return on(device, [&](const Board& board) {
    if (!ecc_arguments(kind, counter, out)) return Return::invalid_argument;
    *out = ecc_count(board, kind);
    return Return::success;
  });
}
Return Nvml::ecc_details(Device device, u32 kind, u32 counter, abi::EccCounts* out) {
  return on(device, [&](const Board& board) {
    if (!ecc_arguments(kind, counter, out)) return Return::invalid_argument;
    *out = {};
    out->device_memory = ecc_count(board, kind);
    return Return::success;
  });
}
Return Nvml::ecc_by_location(Device device, u32 kind, u32 counter, u32 location, u64* out) {
  return on(device, [&](const Board& board) {
    if (!ecc_arguments(kind, counter, out) || location >= kLocations)
      return Return::invalid_argument;
    if (location != kDeviceMemory && location != kSram) return Return::not_supported;
    *out = location == kDeviceMemory ? ecc_count(board, kind) : 0;
    return Return::success;
  });
}

// Pages are retired before Ampere, rows remapped from it on; no simulated device has had either.
Return Nvml::retired_pages(Device device, u32 cause, u32* count, u64*) {
  return on(device, [&](const Board& board) {
    if (count == nullptr || cause >= kRetireCauses) return Return::invalid_argument;
    if (board.at_least(8)) return Return::not_supported;
    *count = 0;
    return Return::success;
  });
}
Return Nvml::retired_pages_v2(Device device, u32 cause, u32* count, u64* addresses, u64*) {
  return retired_pages(device, cause, count, addresses);
}
Return Nvml::retired_pending(Device device, u32* out) {
  return give(device, out, [](const Board& board) -> std::optional<u32> {
    if (board.at_least(8)) return std::nullopt;
    return 0U;
  });
}
Return Nvml::remapped_rows(Device device, u32* corrected, u32* uncorrected, u32* pending,
                           u32* failed) {
  return on(device, [&](const Board& board) {
    const std::array all{corrected, uncorrected, pending, failed};
    for (const u32* out : all)
      if (out == nullptr) return Return::invalid_argument;
    if (!board.at_least(8)) return Return::not_supported;
    for (u32* out : all) *out = 0;
    return Return::success;
  });
}

}  // namespace assay::nvml_sim
