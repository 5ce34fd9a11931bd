// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/gpm_table.hpp"

#include <array>
#include <cmath>

#include "assay/probe/nvml/codes.hpp"

namespace assay::probe::nvml {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;
using sample::Source;

constexpr double kRounding = 1e-3;
constexpr double kPcieLimit = 1e12;  // PCIe 7.0 x16 carries 0.24 TB/s a way
constexpr double kLinkLimit = 1e14;  // NVLink 6: 1.8 TB/s a way and GPU
constexpr double kNoLimit = HUGE_VAL;

constexpr GpmRow ratio(std::uint32_t id, Id metric) { return {id, metric, GpmUnit::percent, 1.0}; }
constexpr GpmRow pcie(std::uint32_t id, Id metric) {
  return {id, metric, GpmUnit::mib_per_second, kPcieLimit};
}
constexpr GpmRow link(std::uint32_t id, Id metric) {
  return {id, metric, GpmUnit::mib_per_second, kLinkLimit};
}
constexpr GpmRow count(std::uint32_t id, Id metric) {
  return {id, metric, GpmUnit::count, kNoLimit};
}

#define NVLINK(n) link(62 + 2 * (n), Id::nvlink##n##_rx), link(63 + 2 * (n), Id::nvlink##n##_tx)
#define C2C(n)                                                                            \
  link(104 + 4 * (n), Id::c2c##n##_total_tx), link(105 + 4 * (n), Id::c2c##n##_total_rx), \
      link(106 + 4 * (n), Id::c2c##n##_data_tx), link(107 + 4 * (n), Id::c2c##n##_data_rx)
#define CTXSW(n)                                                                                   \
  count(170 + 5 * (n), Id::ctxsw##n##_cycles), count(171 + 5 * (n), Id::ctxsw##n##_cycles_active), \
      count(172 + 5 * (n), Id::ctxsw##n##_requests),                                               \
      count(173 + 5 * (n), Id::ctxsw##n##_cycles_per_request),                                     \
      ratio(174 + 5 * (n), Id::ctxsw##n##_active)

constexpr auto kRows = std::to_array<GpmRow>({
    ratio(1, Id::graphics_util),
    ratio(2, Id::sm_active),
    ratio(3, Id::sm_occupancy),
    ratio(4, Id::int_util),
    ratio(5, Id::tensor_util),
    ratio(6, Id::tensor_dfma_util),
    ratio(7, Id::tensor_hmma_util),
    ratio(8, Id::tensor_dmma_util),  // driver 580 answers it; nvml.h 13 leaves the number out
    ratio(9, Id::tensor_imma_util),
    ratio(10, Id::dram_util),
    ratio(11, Id::fp64_util),
    ratio(12, Id::fp32_util),
    ratio(13, Id::fp16_util),
    pcie(20, Id::pcie_tx),
    pcie(21, Id::pcie_rx),
    ratio(30, Id::nvdec0_util),
    ratio(31, Id::nvdec1_util),
    ratio(32, Id::nvdec2_util),
    ratio(33, Id::nvdec3_util),
    ratio(34, Id::nvdec4_util),
    ratio(35, Id::nvdec5_util),
    ratio(36, Id::nvdec6_util),
    ratio(37, Id::nvdec7_util),
    ratio(40, Id::nvjpg0_util),
    ratio(41, Id::nvjpg1_util),
    ratio(42, Id::nvjpg2_util),
    ratio(43, Id::nvjpg3_util),
    ratio(44, Id::nvjpg4_util),
    ratio(45, Id::nvjpg5_util),
    ratio(46, Id::nvjpg6_util),
    ratio(47, Id::nvjpg7_util),
    ratio(50, Id::nvofa0_util),
    ratio(51, Id::nvofa1_util),
    link(60, Id::nvlink_rx),
    link(61, Id::nvlink_tx),
    NVLINK(0),
    NVLINK(1),
    NVLINK(2),
    NVLINK(3),
    NVLINK(4),
    NVLINK(5),
    NVLINK(6),
    NVLINK(7),
    NVLINK(8),
    NVLINK(9),
    NVLINK(10),
    NVLINK(11),
    NVLINK(12),
    NVLINK(13),
    NVLINK(14),
    NVLINK(15),
    NVLINK(16),
    NVLINK(17),
    link(100, Id::c2c_total_tx),
    link(101, Id::c2c_total_rx),
    link(102, Id::c2c_data_tx),
    link(103, Id::c2c_data_rx),
    C2C(0),
    C2C(1),
    C2C(2),
    C2C(3),
    C2C(4),
    C2C(5),
    C2C(6),
    C2C(7),
    C2C(8),
    C2C(9),
    C2C(10),
    C2C(11),
    C2C(12),
    C2C(13),
    count(160, Id::hostmem_cache_hit),
    count(161, Id::hostmem_cache_miss),
    count(162, Id::peermem_cache_hit),
    count(163, Id::peermem_cache_miss),
    count(164, Id::dram_cache_hit),
    count(165, Id::dram_cache_miss),
    ratio(166, Id::nvenc0_util),
    ratio(167, Id::nvenc1_util),
    ratio(168, Id::nvenc2_util),
    ratio(169, Id::nvenc3_util),
    CTXSW(0),
    CTXSW(1),
    CTXSW(2),
    CTXSW(3),
    CTXSW(4),
    CTXSW(5),
    CTXSW(6),
    CTXSW(7),
});
#undef NVLINK
#undef C2C
#undef CTXSW

double to_base(GpmUnit unit, double raw) {
  switch (unit) {
    case GpmUnit::percent: return Ratio::percent(raw).value();
    case GpmUnit::mib_per_second: return mib_per_second(raw).value();
    case GpmUnit::count: return raw;
  }
  return raw;
}

}  // namespace

std::span<const GpmRow> gpm_rows() { return kRows; }

Reading<double> gpm_reading(const GpmRow& row, abi::Return code, double raw, Seconds window) {
  using R = Reading<double>;
  if (code != abi::Return::success) return R::unknown(reason_of(code), Source::gpm, window);
  if (!std::isfinite(raw)) return R::unknown(Reason::not_finite, Source::gpm, window);
  const double value = to_base(row.unit, raw);
  const double slack = row.unit == GpmUnit::percent ? kRounding : 0.0;
  if (value < -slack || value > row.limit + slack)
    return R::invalid(value, Reason::out_of_range, Source::gpm, window);
  return R::measured(std::fmin(std::fmax(value, 0.0), row.limit), Source::gpm, window);
}

bool is_same_refresh(std::span<const abi::GpmMetric> metrics) {
  bool any_impossible = false;
  for (const abi::GpmMetric& metric : metrics) {
    if (metric.result != abi::Return::success) continue;
    const bool possible = metric.value > -1.0 && metric.value < 0x1p64;
    if (!possible) any_impossible = true;
    else if (metric.value != 0.0) return false;
  }
  return any_impossible;
}

}  // namespace assay::probe::nvml
