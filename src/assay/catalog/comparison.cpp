// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/comparison.hpp"

#include <algorithm>
#include <array>

namespace assay::catalog {
namespace {

template <typename T>
Cell cell_of(const Chip& chip, const std::optional<Figure<T>>& figure) {
  if (!figure) return {};
  return {figure->value.value(), &chip.source_of(*figure), figure->confidence, std::nullopt};
}

template <typename T>
Cell cell_of(const Chip& chip, const std::optional<PriceRange<T>>& price) {
  if (!price) return {};
  return {price->middle()->value(), &chip.source_of(*price), price->confidence, std::nullopt};
}

Cell peak_cell(const Chip& chip, Dtype dtype) {
  const Peak* peak = chip.peak(dtype);
  if (peak == nullptr) return {};
  return {peak->rate.value.value(), &chip.source_of(peak->rate), peak->rate.confidence,
          std::nullopt};
}

// bf16, or fp16 of chips from before it.
Cell half(const Chip& chip) {
  const Cell bf16 = peak_cell(chip, Dtype::bf16);
  return bf16.value ? bf16 : peak_cell(chip, Dtype::fp16);
}

Cell bandwidth(const Chip& chip) {
  const MemoryTier* memory = chip.device_memory();
  return memory == nullptr ? Cell{} : cell_of(chip, memory->bandwidth);
}

Cell available(const Chip& chip, const MemoryTier& tier) {
  return cell_of(chip, tier.usable ? tier.usable : tier.capacity);
}

Cell first_tier(const Chip& chip) {
  const MemoryTier* memory = chip.device_memory();
  return memory == nullptr ? Cell{} : available(chip, *memory);
}

Cell second_capacity(const Chip& chip) {
  return chip.memory.size() < 2 ? Cell{} : available(chip, chip.memory[1]);
}

Cell second_bandwidth(const Chip& chip) {
  return chip.memory.size() < 2 ? Cell{} : cell_of(chip, chip.memory[1].bandwidth);
}

template <LinkRole role>
Cell link_cell(const Chip& chip) {
  const Link* link = chip.link(role);
  if (link == nullptr) return {};
  return {link->one_way.value.value(), &chip.source_of(link->one_way), link->one_way.confidence,
          std::nullopt};
}

Cell power(const Chip& chip) { return cell_of(chip, chip.tdp); }
Cell rental(const Chip& chip) { return cell_of(chip, chip.rental); }

Cell quotient(const Cell& of, const Cell& over, double scale = 1) {
  if (!of.value || !over.value) return {};
  return {*of.value / *over.value * scale, nullptr, std::max(of.confidence, over.confidence),
          std::nullopt};
}

constexpr double kSecondsPerHour = 3600;

struct RowSpec {
  std::string_view id;
  std::string_view label;
  Aspect aspect;
  RowUnit unit;
  Better better;
  bool derived;
  Cell (*cell)(const Chip&);
};

constexpr std::array kRows{
    RowSpec{"peak_half", "16-bit dense", Aspect::prefill, RowUnit::flops_per_second, Better::more,
            false, half},
    RowSpec{"peak_fp8", "fp8 dense", Aspect::prefill, RowUnit::flops_per_second, Better::more,
            false, [](const Chip& chip) { return peak_cell(chip, Dtype::fp8); }},
    RowSpec{"peak_fp4", "fp4 dense", Aspect::prefill, RowUnit::flops_per_second, Better::more,
            false, [](const Chip& chip) { return peak_cell(chip, Dtype::fp4); }},
    RowSpec{"peak_int8", "int8 dense", Aspect::prefill, RowUnit::flops_per_second, Better::more,
            false, [](const Chip& chip) { return peak_cell(chip, Dtype::int8); }},
    RowSpec{"bandwidth", "memory bandwidth", Aspect::decode, RowUnit::bytes_per_second,
            Better::more, false, bandwidth},
    RowSpec{"bandwidth_2", "second tier", Aspect::decode, RowUnit::bytes_per_second, Better::more,
            false, second_bandwidth},
    RowSpec{"balance", "16-bit ops a byte", Aspect::decode, RowUnit::flops_per_byte,
            Better::neither, true,
            [](const Chip& chip) { return quotient(half(chip), bandwidth(chip)); }},
    RowSpec{"memory", "memory, usable", Aspect::capacity, RowUnit::bytes, Better::more, false,
            first_tier},
    RowSpec{"memory_2", "second tier", Aspect::capacity, RowUnit::bytes, Better::more, false,
            second_capacity},
    RowSpec{"scale_up", "scale-up", Aspect::links, RowUnit::bytes_per_second, Better::more, false,
            link_cell<LinkRole::scale_up>},
    RowSpec{"scale_out", "scale-out", Aspect::links, RowUnit::bytes_per_second, Better::more, false,
            link_cell<LinkRole::scale_out>},
    RowSpec{"tdp", "TDP", Aspect::power, RowUnit::watts, Better::less, false, power},
    RowSpec{"half_per_watt", "16-bit a watt", Aspect::power, RowUnit::flops_per_joule, Better::more,
            true, [](const Chip& chip) { return quotient(half(chip), power(chip)); }},
    RowSpec{"bandwidth_per_watt", "bandwidth a watt", Aspect::power, RowUnit::bytes_per_joule,
            Better::more, true,
            [](const Chip& chip) { return quotient(bandwidth(chip), power(chip)); }},
    RowSpec{"rental", "rent", Aspect::money, RowUnit::dollars_per_hour, Better::less, false,
            rental},
    RowSpec{"purchase", "to buy", Aspect::money, RowUnit::dollars, Better::less, false,
            [](const Chip& chip) { return cell_of(chip, chip.purchase); }},
    RowSpec{"half_per_dollar", "16-bit ops a $", Aspect::money, RowUnit::flops_per_dollar,
            Better::more, true,
            [](const Chip& chip) { return quotient(half(chip), rental(chip), kSecondsPerHour); }},
    RowSpec{
        "bandwidth_per_dollar", "bytes read a $", Aspect::money, RowUnit::bytes_per_dollar,
        Better::more, true,
        [](const Chip& chip) { return quotient(bandwidth(chip), rental(chip), kSecondsPerHour); }},
};

}  // namespace

std::vector<Row> compare(std::span<const Chip* const> chips) {
  std::vector<Row> out;
  for (const RowSpec& spec : kRows) {
    Row row{spec.id, spec.label, spec.aspect, spec.unit, spec.better, spec.derived, {}};
    for (const Chip* chip : chips) row.cells.push_back(spec.cell(*chip));
    const bool known =
        std::ranges::any_of(row.cells, [](const Cell& c) { return c.value.has_value(); });
    if (!known) continue;
    for (Cell& cell : row.cells) cell.ratio = quotient(cell, row.cells.front()).value;
    out.push_back(std::move(row));
  }
  return out;
}

const Row* row_of(std::span<const Row> rows, std::string_view id) {
  const auto at = std::ranges::find(rows, id, &Row::id);
  return at == rows.end() ? nullptr : &*at;
}

std::string_view to_string(Aspect value) {
  switch (value) {
    case Aspect::prefill: return "prefill";
    case Aspect::decode: return "decode";
    case Aspect::capacity: return "capacity";
    case Aspect::links: return "links";
    case Aspect::power: return "power";
    case Aspect::money: return "money";
  }
  return "?";
}

std::string_view to_string(RowUnit value) {
  switch (value) {
    case RowUnit::flops_per_second: return "flops_per_second";
    case RowUnit::bytes_per_second: return "bytes_per_second";
    case RowUnit::bytes: return "bytes";
    case RowUnit::watts: return "watts";
    case RowUnit::dollars_per_hour: return "usd_per_hour";
    case RowUnit::dollars: return "usd";
    case RowUnit::flops_per_joule: return "flops_per_joule";
    case RowUnit::bytes_per_joule: return "bytes_per_joule";
    case RowUnit::flops_per_byte: return "flops_per_byte";
    case RowUnit::flops_per_dollar: return "flops_per_usd";
    case RowUnit::bytes_per_dollar: return "bytes_per_usd";
  }
  return "?";
}

}  // namespace assay::catalog
