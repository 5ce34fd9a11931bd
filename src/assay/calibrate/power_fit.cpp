// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/power_fit.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "assay/calibrate/own_runs.hpp"
#include "assay/calibrate/sought.hpp"

namespace assay::calibrate {
namespace {

using roofline::ChipClass;
using roofline::ChipCurves;

constexpr Sought kSought[] = {{"idle_power", 0.5}, {"dram_power", 0.5}, {"arithmetic_power", 0.5}};
constexpr double kScale = 0.1;

// Shares of the board's own peaks over the time that it was metered, and of its TDP.
struct PowerRow {
  std::string kin;
  double dram = 0;
  double arithmetic = 0;
  double power = 0;
};

std::optional<Dtype> dtype_of(const std::string& word) {
  for (int i = 0; i <= static_cast<int>(Dtype::int4); ++i)
    if (to_string(static_cast<Dtype>(i)) == word) return static_cast<Dtype>(i);
  return std::nullopt;
}

struct Columns {
  std::size_t device, op, dtype, params, median_ms, gb_per_s, tflops, watts;
};

Result<Columns> columns_of(const Table& table) {
  Columns at{};
  TRY_ASSIGN(at.device, table.need("device"));
  TRY_ASSIGN(at.op, table.need("op"));
  TRY_ASSIGN(at.dtype, table.need("dtype"));
  TRY_ASSIGN(at.params, table.need("params"));
  TRY_ASSIGN(at.median_ms, table.need("median_ms"));
  TRY_ASSIGN(at.gb_per_s, table.need("gb_per_s"));
  TRY_ASSIGN(at.tflops, table.need("tflops"));
  TRY_ASSIGN(at.watts, table.need("watts"));
  return at;
}

std::optional<PowerRow> power_row(const Table& table, std::size_t row, const Columns& at,
                                  const catalog::Catalog& chips, const roofline::Fits& fits) {
  const auto watts = table.number(row, at.watts);
  const auto median = table.number(row, at.median_ms);
  const catalog::Chip* chip = chips.match_nvml_name(table.text(row, at.device));
  if (table.text(row, at.op) == "idle") return std::nullopt;  // asleep, at its lowest clock
  if (!watts || !median || chip == nullptr || !chip->tdp) return std::nullopt;
  const auto kin = fits.class_of(*chip);
  const catalog::MemoryTier* memory = chip->device_memory();
  if (!kin || memory == nullptr || !memory->bandwidth) return std::nullopt;
  // Watts were taken over seconds, at the clock that the power limit leaves.
  const double slower =
      *median / number_parameter(table.text(row, at.params), "sustained_ms").value_or(*median);
  PowerRow out{(*kin)->name, 0, 0, *watts / chip->tdp->value.value()};
  out.dram =
      table.number(row, at.gb_per_s).value_or(0) * slower * 1e9 / memory->bandwidth->value.value();
  const auto dtype = dtype_of(table.text(row, at.dtype));
  const catalog::Peak* peak = dtype ? chip->peak(*dtype) : nullptr;
  if (peak != nullptr)
    out.arithmetic =
        table.number(row, at.tflops).value_or(0) * slower * 1e12 / peak->rate.value.value();
  return out;
}

void fit_class(ChipClass& kin, const std::vector<PowerRow>& rows) {
  const auto off = [&](const std::vector<double>& x) {
    const ChipCurves curves = with(kin.curves, kSought, x);
    std::vector<double> out;
    for (const PowerRow& row : rows)
      out.push_back(std::log(part_of_tdp(curves, row.dram, row.arithmetic) / row.power));
    return out;
  };
  kin.curves =
      with(kin.curves, kSought, least_squares(unknowns_of(kSought, kin.curves), off, kScale));
}

void take_over(const ChipCurves& from, ChipCurves& to) {
  to.idle_power = from.idle_power;
  to.dram_power = from.dram_power;
  to.arithmetic_power = from.arithmetic_power;
}

}  // namespace

double part_of_tdp(const ChipCurves& curves, double dram, double arithmetic) {
  return std::min(
      1.0, curves.idle_power + curves.dram_power * dram + curves.arithmetic_power * arithmetic);
}

Status fit_power(std::span<const Table> own, const catalog::Catalog& chips, roofline::Fits& fits) {
  std::vector<PowerRow> rows;
  for (const Table& table : own) {
    TRY_ASSIGN(const Columns at, columns_of(table));
    for (std::size_t row = 0; row < table.rows(); ++row)
      if (auto found = power_row(table, row, at, chips, fits)) rows.push_back(std::move(*found));
  }
  const ChipClass* first = nullptr;
  std::vector<ChipClass*> others;
  for (ChipClass& kin : fits.mutable_classes()) {
    std::vector<PowerRow> of_class;
    for (const PowerRow& row : rows)
      if (row.kin == kin.name) of_class.push_back(row);
    if (of_class.empty()) {
      if (!kin.given) others.push_back(&kin);
      continue;
    }
    fit_class(kin, of_class);
    if (first == nullptr) first = &kin;
  }
  if (first == nullptr) return {};
  for (ChipClass* kin : others) take_over(first->curves, kin->curves);
  return {};
}

}  // namespace assay::calibrate
