// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/curves.hpp"

#include <cmath>

namespace assay::roofline {

double ChipCurves::compute_fraction(Dtype dtype) const {
  const double width = bits(dtype);
  if (width >= 16) return compute_fraction_16;
  return width > 4 ? compute_fraction_8 : compute_fraction_4;
}

const std::array<CurveConstant, kCurveConstants>& curve_constants() {
  using C = ChipCurves;
  static constexpr std::array<CurveConstant, kCurveConstants> kTable = {{
      {"bandwidth_fraction", &C::bandwidth_fraction, 0.2, 1},
      {"compute_fraction_16", &C::compute_fraction_16, 0.05, 1},
      {"compute_fraction_8", &C::compute_fraction_8, 0.05, 1},
      {"compute_fraction_4", &C::compute_fraction_4, 0.05, 1},
      {"tile_rows", &C::tile_rows, 0, 24},
      {"kernel_floor_us", &C::kernel_floor_us, 0.1, 200},
      {"attention_bandwidth_fraction", &C::attention_bandwidth_fraction, 0.1, 1},
      {"attention_compute_fraction", &C::attention_compute_fraction, 0.02, 1},
      {"expert_bandwidth_fraction", &C::expert_bandwidth_fraction, 0.1, 1},
      {"expert_compute_fraction", &C::expert_compute_fraction, 0.1, 1},
      {"expert_tile_rows", &C::expert_tile_rows, 0, 256},
      {"expert_imbalance", &C::expert_imbalance, 0, 3},
      {"elementwise_passes", &C::elementwise_passes, 2, 60},
      {"link_fraction", &C::link_fraction, 0.1, 1},
      {"link_floor_us", &C::link_floor_us, 0.2, 500},
      {"link_ramp_us", &C::link_ramp_us, 0, 1000},
      {"link_ramp_mb", &C::link_ramp_mb, 0.01, 100},
      {"idle_power", &C::idle_power, 0, 0.9},
      {"dram_power", &C::dram_power, 0, 2},
      {"arithmetic_power", &C::arithmetic_power, 0, 3},
  }};
  return kTable;
}

double all_reduce_seconds(const ChipCurves& curves, double link, double ranks, double bytes) {
  if (ranks <= 1) return 0;
  const double moved = 2 * (ranks - 1) / ranks * bytes;
  return curves.link_floor_us * 1e-6 * (1 + std::log2(ranks) / 8) +
         moved / (link * curves.link_fraction) +
         curves.link_ramp_us * 1e-6 * moved / (moved + curves.link_ramp_mb * 1e6);
}

double one_shot_seconds(const ChipCurves& curves, double link, double ranks, double bytes) {
  if (ranks <= 1) return 0;
  return curves.link_floor_us * 1e-6 * (1 + std::log2(ranks) / 8) +
         (ranks - 1) * bytes / (link * curves.link_fraction);
}

}  // namespace assay::roofline
