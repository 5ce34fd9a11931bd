// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/chip_roof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace assay::roofline {
namespace {

using catalog::Chip;
using catalog::ChipKind;

std::vector<ChipRoof::Tier> tiers_of(const Chip& chip) {
  const bool first_only = chip.kind == ChipKind::gpu || chip.kind == ChipKind::apu;
  std::vector<ChipRoof::Tier> tiers;
  for (const catalog::MemoryTier& memory : chip.memory) {
    if (memory.available() && memory.bandwidth)
      tiers.push_back({*memory.available(), memory.bandwidth->value, memory.technology});
    if (first_only) break;
  }
  return tiers;
}

// What a product of operands of this width may fall back on, narrowest first.
constexpr std::array kFloats = {Dtype::fp4,  Dtype::fp6,  Dtype::fp8, Dtype::bf16,
                                Dtype::fp16, Dtype::tf32, Dtype::fp32};
constexpr std::array kIntegers = {Dtype::int4, Dtype::int8, Dtype::bf16,
                                  Dtype::fp16, Dtype::tf32, Dtype::fp32};

bool is_integer(Dtype dtype) { return dtype == Dtype::int8 || dtype == Dtype::int4; }

// Which figure of its fastest memory the file lacks.
std::string missing_of_memory(const Chip& chip) {
  if (chip.memory.empty()) return "memory of it";
  const catalog::MemoryTier& first = chip.memory.front();
  const std::string of = " of its " + (first.technology.empty() ? "memory" : first.technology);
  if (first.available()) return "bandwidth" + of;
  return (first.bandwidth ? "capacity" : "capacity and no bandwidth") + of;
}

Error unknown(const Chip& chip, std::string_view what) {
  return {ErrorCode::not_supported,
          fmt::format("{}: the catalog knows no {}, so no speed can be foretold; add it to "
                      "{} with its source",
                      chip.id, what, chip.file.empty() ? "its file" : chip.file)};
}

}  // namespace

std::string_view to_string(Provenance provenance) {
  switch (provenance) {
    case Provenance::calibrated: return "calibrated";
    case Provenance::transferred: return "transferred";
    case Provenance::datasheet: return "datasheet";
  }
  return "?";
}

Bytes ChipRoof::capacity() const {
  Bytes all;
  for (const Tier& tier : tiers) all += tier.capacity;
  return all;
}

ChipRoof::Product ChipRoof::product(Dtype operands) const {
  const double width = bits(operands);
  const auto of = [&](Dtype dtype) {
    return Product{dtype, peak[static_cast<std::size_t>(dtype)]};
  };
  if (of(operands).peak.value() > 0) return of(operands);
  const auto wider = is_integer(operands) ? std::span<const Dtype>(kIntegers) : kFloats;
  for (const Dtype dtype : wider)
    if (bits(dtype) >= width && of(dtype).peak.value() > 0) return of(dtype);
  // Chips of 8 bits alone are fed 8-bit operands throughout.
  if (!multiplies_16())
    for (const Dtype dtype : {Dtype::int8, Dtype::fp8})
      if (of(dtype).peak.value() > 0) return of(dtype);
  return {};
}

bool ChipRoof::multiplies_16() const {
  return std::ranges::any_of(kFloats, [&](Dtype dtype) {
    return bits(dtype) >= 16 && peak[static_cast<std::size_t>(dtype)].value() > 0;
  });
}

ChipRoof ChipRoof::scaled(Resource resource, double factor) const {
  ChipRoof out = *this;
  switch (resource) {
    case Resource::dram:
      for (Tier& tier : out.tiers) tier.bandwidth = tier.bandwidth * factor;
      break;
    case Resource::capacity:
      for (Tier& tier : out.tiers) tier.capacity = tier.capacity * factor;
      break;
    case Resource::compute:
      for (FlopsPerSecond& each : out.peak) each = each * factor;
      break;
    case Resource::link:
      if (out.link) out.link = *out.link * factor;
      if (out.network) out.network = *out.network * factor;
      break;
    case Resource::overhead:
      out.host_factor /= factor;
      out.curves.kernel_floor_us /= factor;
      out.curves.link_floor_us /= factor;
      out.curves.network_floor_us /= factor;
      out.curves.network_hop_us /= factor;
      break;
  }
  return out;
}

Result<ChipRoof> chip_roof(const Chip& chip, const Fits& fits) {
  TRY_ASSIGN(const ChipClass* kin, fits.class_of(chip));
  ChipRoof roof;
  roof.chip = chip.id;
  roof.curves = kin->curves;
  roof.host_factor = kin->curves.host_factor;
  if (std::ranges::find(kin->served, chip.id) != kin->served.end())
    roof.provenance = Provenance::calibrated;
  else if (kin->measured) roof.provenance = Provenance::transferred;
  roof.spreads = fits.spreads(roof.provenance);
  roof.transferred_spreads = fits.spreads(std::max(roof.provenance, Provenance::transferred));
  // Experts' rows are padded to the tiles of matrix units alone.
  if (chip.kind == ChipKind::cpu || std::ranges::find(chip.peaks, catalog::Engine::matrix,
                                                      &catalog::Peak::engine) == chip.peaks.end())
    roof.curves.expert_tile_rows = 0;
  roof.tiers = tiers_of(chip);
  if (roof.tiers.empty())
    return unknown(chip,
                   missing_of_memory(chip) + (chip.peaks.empty() ? " and no arithmetic peak" : ""));
  bool any = false;
  for (std::size_t i = 0; i < kDtypes; ++i) {
    const catalog::Peak* best = chip.peak(static_cast<Dtype>(i));
    if (best == nullptr) continue;
    roof.peak[i] = best->rate.value;
    any = any || best->dtype != Dtype::fp64;
  }
  if (!any) return unknown(chip, "arithmetic peak of it");
  const catalog::Link* link = chip.link(catalog::LinkRole::scale_up);
  if (link == nullptr) link = chip.link(catalog::LinkRole::host);
  if (link != nullptr) roof.link = link->one_way.value;
  if (link == nullptr) roof.domain = 1;
  else if (link->domain) roof.domain = *link->domain;
  if (const auto* network = chip.link(catalog::LinkRole::scale_out))
    roof.network = network->one_way.value;
  if (chip.sm_count() && chip.max_clock)
    roof.sm_clocks = *chip.sm_count() * chip.max_clock->value.value();
  if (chip.tdp) roof.tdp = chip.tdp->value;
  if (chip.rental) roof.rental = chip.rental->typical;
  return roof;
}

}  // namespace assay::roofline
