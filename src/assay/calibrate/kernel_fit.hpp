// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "assay/base/result.hpp"
#include "assay/calibrate/kernel_rows.hpp"
#include "assay/calibrate/table.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/roofline/fits.hpp"

// What kernels measured by themselves say of each class of chips.
namespace assay::calibrate {

// One product by these curves (the formula: roofline/curves.hpp).
double product_seconds(const roofline::ChipCurves& curves, const ProductRow& row);

// Lays bandwidth_fraction, compute_fraction_* and tile_rows of every class that
// the table has a chip of over those in `fits`. Columns: system, gemm_dtype, m, n, k, latency (ms).
// Left out: products whose weights fit in the chip's last cache (a loop over them measures the
// cache), and those that the host could not launch fast enough (fp8_block below 1,024 rows).
Status fit_products(const Table& products, const catalog::Catalog& chips, roofline::Fits& fits);

// The same with link_fraction, link_floor_us, link_ramp_us and link_ramp_mb, from all-reduces of
// 16-bit elements: system, src, op_name, dtype, num_gpus, message_size (elements), latency (ms). Of
// the sources, the one with the least floor: others time the launch, which a captured graph hides.
Status fit_links(const Table& collectives, const catalog::Catalog& chips, roofline::Fits& fits);

}  // namespace assay::calibrate
