// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/technologies.hpp"

#include <algorithm>

namespace assay::catalog {
namespace {

struct Judgement {
  ChipKind kind;
  std::string_view programmability;
  std::string_view time_to_market;
};

constexpr std::array kJudgements{
    Judgement{ChipKind::cpu, "any program", "at once"},
    Judgement{ChipKind::gpu, "most models, by CUDA and its like", "at once; weeks of tuning"},
    Judgement{ChipKind::fpga, "by hardware design or an overlay", "months to a year"},
    Judgement{ChipKind::asic, "what it was made for, by its compiler",
              "two to three years and NRE"},
    Judgement{ChipKind::cim, "few operators, weights held in place", "as an ASIC, with new tools"},
};

struct Known {
  double value;
  Confidence confidence;
};

std::optional<Known> eight_bit(const Chip& chip) {
  std::optional<Known> best;
  for (const Dtype dtype : {Dtype::int8, Dtype::fp8}) {
    const Peak* peak = chip.peak(dtype);
    if (peak == nullptr || (best && best->value >= peak->rate.value.value())) continue;
    best = Known{peak->rate.value.value(), peak->rate.confidence};
  }
  return best;
}

std::optional<Known> bandwidth(const Chip& chip) {
  const MemoryTier* memory = chip.device_memory();
  if (memory == nullptr || !memory->bandwidth) return std::nullopt;
  return Known{memory->bandwidth->value.value(), memory->bandwidth->confidence};
}

std::optional<Known> power(const Chip& chip) {
  if (!chip.tdp) return std::nullopt;
  return Known{chip.tdp->value.value(), chip.tdp->confidence};
}

std::optional<Known> price(const Chip& chip) {
  if (!chip.purchase || !chip.purchase->middle()) return std::nullopt;
  return Known{chip.purchase->middle()->value(), chip.purchase->confidence};
}

void offer(std::optional<BestChip>& best, const Chip& chip, const std::optional<Known>& of,
           const std::optional<Known>& over) {
  if (!of || !over) return;
  const double value = of->value / over->value;
  if (best && best->value >= value) return;
  best = BestChip{value, &chip, std::max(of->confidence, over->confidence)};
}

}  // namespace

std::vector<Technology> technologies(const Catalog& catalog) {
  std::vector<Technology> out;
  for (const Judgement& judgement : kJudgements) {
    Technology row;
    row.kind = judgement.kind;
    row.programmability = judgement.programmability;
    row.time_to_market = judgement.time_to_market;
    for (const Chip& chip : catalog.all()) {
      if (chip.kind != judgement.kind) continue;
      ++row.chips;
      offer(row.ops_per_joule, chip, eight_bit(chip), power(chip));
      offer(row.ops_per_dollar, chip, eight_bit(chip), price(chip));
      offer(row.bytes_per_joule, chip, bandwidth(chip), power(chip));
    }
    out.push_back(row);
  }
  return out;
}

}  // namespace assay::catalog
