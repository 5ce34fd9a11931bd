// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "assay/base/result.hpp"
#include "assay/calibrate/table.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/roofline/fits.hpp"

namespace assay::calibrate {

// idle_power, dram_power and arithmetic_power of the classes whose boards were metered, from our
// own runs (data/measured: device, op, dtype, params, median_ms, gb_per_s, tflops, watts); all
// other classes take over the first such class's, which are fractions of each board's own TDP. A
// board's power is
//   TDP x min(1, idle + dram x share of the datasheet's bandwidth + arithmetic x share of its
//   peak).
// Rows without watts are left out, and boards that the catalog does not know.
Status fit_power(std::span<const Table> own, const catalog::Catalog& chips, roofline::Fits& fits);

}  // namespace assay::calibrate
