// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/chip.hpp"

namespace assay::catalog {

std::optional<Bytes> MemoryTier::available() const {
  if (usable) return usable->value;
  if (capacity) return capacity->value;
  return std::nullopt;
}

FlopsPerSecond Peak::at(Hertz other) const {
  return clock ? rate.value * (other / *clock) : rate.value;
}

std::optional<int> Chip::sm_count() const {
  if (unit != "SM" || !units) return std::nullopt;
  return units->value;
}

const Peak* Chip::peak(Dtype dtype, Engine engine) const {
  for (const Peak& p : peaks) {
    if (p.dtype == dtype && p.engine == engine) return &p;
  }
  return nullptr;
}

const Peak* Chip::peak(Dtype dtype) const {
  const Peak* matrix = peak(dtype, Engine::matrix);
  return matrix != nullptr ? matrix : peak(dtype, Engine::vector);
}

const Link* Chip::link(LinkRole role) const {
  for (const Link& l : links) {
    if (l.role == role) return &l;
  }
  return nullptr;
}

const MemoryTier* Chip::device_memory() const { return memory.empty() ? nullptr : &memory.front(); }

std::size_t recalled_figures(const Chip& chip) {
  std::size_t found = 0;
  const auto count = [&](const auto& figure) {
    if (figure && figure->confidence == Confidence::recalled) ++found;
  };
  count(chip.year);
  count(chip.units);
  count(chip.fp32_per_unit);
  count(chip.max_clock);
  count(chip.l2);
  count(chip.tdp);
  count(chip.util_sample_period);
  count(chip.rental);
  count(chip.purchase);
  for (const MemoryTier& tier : chip.memory) {
    count(tier.capacity);
    count(tier.usable);
    count(tier.bandwidth);
    count(tier.clock);
  }
  for (const Peak& peak : chip.peaks) count(&peak.rate);
  for (const Link& link : chip.links) count(&link.one_way);
  return found;
}

std::string_view to_string(Confidence value) {
  switch (value) {
    case Confidence::verified: return "verified";
    case Confidence::partial: return "partial";
    case Confidence::recalled: return "recalled";
  }
  return "?";
}

std::string_view to_string(ChipKind value) {
  switch (value) {
    case ChipKind::cpu: return "cpu";
    case ChipKind::gpu: return "gpu";
    case ChipKind::fpga: return "fpga";
    case ChipKind::asic: return "asic";
    case ChipKind::apu: return "apu";
    case ChipKind::cim: return "cim";
  }
  return "?";
}

std::string_view to_string(Engine value) {
  switch (value) {
    case Engine::vector: return "vector";
    case Engine::matrix: return "matrix";
  }
  return "?";
}

std::string_view to_string(Accumulator value) {
  switch (value) {
    case Accumulator::unstated: return "unstated";
    case Accumulator::fp64: return "fp64";
    case Accumulator::fp32: return "fp32";
    case Accumulator::fp16: return "fp16";
    case Accumulator::int32: return "int32";
  }
  return "?";
}

std::string_view to_string(LinkRole value) {
  switch (value) {
    case LinkRole::host: return "host";
    case LinkRole::scale_up: return "scale_up";
    case LinkRole::scale_out: return "scale_out";
  }
  return "?";
}

}  // namespace assay::catalog
