// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace assay::nvml_sim {

// Handles are numbers in a pointer's clothes, spaced like objects and far from any: they are looked
// up and never followed, so that a wrong one is refused and not a crash, as it is with a driver.
template <typename Handle, std::uintptr_t base>
struct Handles {
  static constexpr std::uintptr_t kStride = 0x100;

  static Handle of(std::uint64_t number) {
    return reinterpret_cast<Handle>(base + (static_cast<std::uintptr_t>(number) + 1) * kStride);
  }
  static std::optional<std::uint64_t> number(Handle handle) {
    const auto address = reinterpret_cast<std::uintptr_t>(handle);
    if (address <= base || (address - base) % kStride != 0) return std::nullopt;
    return (address - base) / kStride - 1;
  }
};

}  // namespace assay::nvml_sim
