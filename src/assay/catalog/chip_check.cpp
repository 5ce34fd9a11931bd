// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/chip_check.hpp"

#include <fmt/format.h>

namespace assay::catalog {

// What a chip of its kind can't do without: a roofline needs these of a GPU; of an FPGA or a
// compute-in-memory card even the vendor may publish less.
void check_complete(const Chip& chip, const text::TomlNode& root, text::Problems& problems) {
  const auto miss = [&](std::string_view what) {
    problems.add(root.line, fmt::format("{} is missing: a chip of this kind needs it", what));
  };
  if (chip.memory.empty()) miss("[[memory]]");
  if (chip.kind != ChipKind::gpu) return;
  if (!chip.tdp) miss("tdp_w");
  if (chip.peaks.empty()) miss("[[peak]]");
  if (!chip.units) miss("units");
  if (chip.unit.empty()) miss("unit");
  for (const MemoryTier& tier : chip.memory) {
    if (!tier.capacity) miss("capacity_gib in [[memory]]");
    if (!tier.bandwidth) miss("bandwidth_gb_s in [[memory]]");
  }
  if (chip.vendor != "NVIDIA") return;
  if (chip.nvml_names.empty()) miss("nvml_names");
  if (!chip.compute_capability) miss("compute_capability");
  if (!chip.fp32_per_unit) miss("fp32_per_unit");
}

// units x operations a clock and unit x clock must give the stated peak: this catches a sparse
// figure, a wrong clock and a wrong accumulator alike.
void check_arithmetic(const Chip& chip, std::span<const text::TomlNode* const> rows,
                      text::Problems& problems) {
  constexpr double kTolerance = 0.02;
  if (!chip.units || rows.size() != chip.peaks.size()) return;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Peak& peak = chip.peaks[i];
    if (!peak.clock || !peak.ops_per_clk_per_unit) continue;
    const double product = chip.units->value * *peak.ops_per_clk_per_unit * peak.clock->value();
    const double off = product / peak.rate.value.value() - 1;
    if (off < kTolerance && off > -kTolerance) continue;
    problems.add(
        rows[i]->line,
        fmt::format("the {} peak of {:.4g} Tera/s does not follow from {} units x {} a "
                    "clock x {:.0f} MHz = {:.4g}: is it sparse, or at another clock?",
                    to_string(peak.dtype), peak.rate.value.value() * 1e-12, chip.units->value,
                    *peak.ops_per_clk_per_unit, peak.clock->value() * 1e-6, product * 1e-12));
  }
}

}  // namespace assay::catalog
