// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/device_facts.hpp"

#include <fmt/format.h>

#include "assay/sim/jitter.hpp"

namespace assay::sim {
namespace {

// Of an H100 with driver 580.159: 480 of 81,559 MiB, in every window of
// data/recordings/h100-lab.assay. Taken to be the same share elsewhere.
constexpr double kReservedShare = 480.0 / 81559.0;
// NVML's header: the sampling period lies between 1/6 s and 1 s, by product.
constexpr double kLeastUtilizationWindow = 1.0 / 6.0;
constexpr int kBusesADomain = 32;
constexpr std::uint64_t kSerials = 10'000'000'000'000ULL;

Bytes total_memory(const catalog::Chip& chip) {
  const catalog::MemoryTier* memory = chip.device_memory();
  return memory == nullptr ? Bytes(0) : memory->available().value_or(Bytes(0));
}

}  // namespace

Bytes reserved_memory(const catalog::Chip& chip) { return total_memory(chip) * kReservedShare; }
Bytes usable_memory(const catalog::Chip& chip) {
  return total_memory(chip) - reserved_memory(chip);
}

DeviceFacts facts_of(const DeviceEntry& entry, int index) {
  const catalog::Chip& chip = entry.plan->chip;
  DeviceFacts out{.index = index, .uuid = entry.uuid, .chip = &chip};
  out.name = chip.nvml_names.empty() ? chip.name : chip.nvml_names.front();
  out.serial = fmt::format("{:013}", mix(entry.seed) % kSerials);
  out.pci_domain = static_cast<std::uint32_t>(index / kBusesADomain);
  out.pci_bus = static_cast<std::uint32_t>(index % kBusesADomain + 1) * 4;
  out.pci = fmt::format("{:08X}:{:02X}:00.0", out.pci_domain, out.pci_bus);
  out.capacity.sm_count = chip.sm_count().value_or(0);
  out.capacity.warps_per_sm = entry.plan->limits.max_warps;
  out.max_sm_clock = entry.plan->max_clock;
  out.default_power_limit = chip.tdp ? chip.tdp->value : entry.plan->power_limit;
  if (const catalog::MemoryTier* memory = chip.device_memory()) {
    if (memory->bandwidth) out.capacity.dram_peak = memory->bandwidth->value;
    if (memory->clock) out.memory_clock = memory->clock->value;
  }
  out.memory_total = total_memory(chip);
  out.memory_reserved = reserved_memory(chip);
  out.utilization_window =
      chip.util_sample_period ? chip.util_sample_period->value : Seconds(kLeastUtilizationWindow);
  return out;
}

}  // namespace assay::sim
