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

const std::array<CurveConstant, kGivenConstants>& given_constants() {
  using C = ChipCurves;
  static constexpr std::array<CurveConstant, kGivenConstants> kTable = {{
      {"host_factor", &C::host_factor, 0, 10},
      {"network_floor_us", &C::network_floor_us, 0.2, 1000},
      {"network_hop_us", &C::network_hop_us, 0, 1000},
      {"network_fraction", &C::network_fraction, 0.1, 1},
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

double all_reduce_seconds(const ChipCurves& curves, const Wire& wire, double bytes) {
  if (wire.hosts <= 1) return all_reduce_seconds(curves, wire.link, wire.ranks, bytes);
  const double each = wire.ranks / wire.hosts;
  const double within = all_reduce_seconds(curves, wire.link, each, bytes);
  const double floor =
      (curves.network_floor_us + curves.network_hop_us * std::log2(wire.hosts / 2)) * 1e-6;
  const double moved = 2 * (wire.hosts - 1) / wire.hosts * bytes / each;
  const double between = moved / (wire.network * curves.network_fraction);
  const double inner_floor = all_reduce_seconds(curves, wire.link, each, 0);
  return floor + inner_floor + std::max(within - inner_floor, between);
}

double send_seconds(const ChipCurves& curves, const Wire& wire, double bytes) {
  if (wire.hosts <= 1)
    return curves.link_floor_us * 1e-6 / 2 + bytes / (wire.link * curves.link_fraction);
  return curves.network_floor_us * 1e-6 / 2 + bytes / (wire.network * curves.network_fraction);
}

}  // namespace assay::roofline
