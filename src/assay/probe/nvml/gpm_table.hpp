// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "assay/metric/metric.hpp"
#include "assay/probe/nvml/abi.hpp"
#include "assay/sample/reading.hpp"

namespace assay::probe::nvml {

// How the driver counts a GPM metric. Units as nvml.h states them beside each id: "0.0 - 100.0" and
// "in MiB/sec"; those that it gives no unit for are plain counts.
enum class GpmUnit : std::uint8_t { percent, mib_per_second, count };

struct GpmRow {
  std::uint32_t id;  // nvmlGpmMetricId_t
  metric::Id metric;
  GpmUnit unit;
  // The most that can be true, in the metric's base unit: 1 for a ratio, else a bound no link of
  // any chip comes near, so that only a wrapped or torn counter passes it.
  double limit;
};

// Every GPM metric that assay knows, by rising id.
std::span<const GpmRow> gpm_rows();

// One metric of one window as a reading. `raw` is in the driver's unit. NaN and infinity = unknown
// (not_finite); below zero or over the limit = invalid (out_of_range), with up to 0.1 % over it
// taken for rounding and clamped.
sample::Reading<double> gpm_reading(const GpmRow& row, abi::Return code, double raw,
                                    Seconds window);

// True when a window's metrics are all zero or impossible with at least one of the latter: the
// counters were not refreshed between its two samples (measured: two samples within one 100 ms
// refresh give zeros and a NaN for DRAM). Impossible is NaN, infinite, negative or a wrapped 64-bit
// counter: zeros beside such a thing are not to be believed. The window says nothing about any
// counter.
bool is_same_refresh(std::span<const abi::GpmMetric> metrics);

}  // namespace assay::probe::nvml
