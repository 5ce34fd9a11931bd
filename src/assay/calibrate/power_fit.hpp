// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "assay/base/result.hpp"
#include "assay/calibrate/table.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/roofline/fits.hpp"

namespace assay::calibrate {

// What a board draws that moves this share of its datasheet's bandwidth and computes at this share
// of its peak: min(1, idle + dram_power x dram + arithmetic_power x arithmetic), of its TDP.
double part_of_tdp(const roofline::ChipCurves& curves, double dram, double arithmetic);

// idle_power, dram_power and arithmetic_power of the classes whose boards were metered, from our
// own runs (data/measured: device, op, dtype, params, median_ms, gb_per_s, tflops, watts); all
// other classes take over the first such class's, which are fractions of each board's own TDP. A
// board's power is
//   TDP x part_of_tdp().
// Rows without watts are left out, and boards that the catalog does not know.
Status fit_power(std::span<const Table> own, const catalog::Catalog& chips, roofline::Fits& fits);

}  // namespace assay::calibrate
