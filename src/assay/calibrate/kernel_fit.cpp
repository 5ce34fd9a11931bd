// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/kernel_fit.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "assay/calibrate/sought.hpp"
#include "assay/roofline/operators.hpp"

namespace assay::calibrate {
namespace {

using roofline::ChipClass;
using roofline::ChipCurves;

// What is left of the class's rows is fitted and laid over its curves.
template <typename Row, typename Seconds>
void fit_class(ChipClass& kin, std::span<const Row> rows, std::span<const Sought> sought,
               double scale, Seconds seconds) {
  std::vector<const Row*> own;
  for (const Row& row : rows)
    if (row.kin == kin.name) own.push_back(&row);
  if (own.empty()) return;
  const std::vector<double> found = least_squares(
      unknowns_of(sought, kin.curves),
      [&](const std::vector<double>& x) {
        const ChipCurves curves = with(kin.curves, sought, x);
        std::vector<double> off;
        off.reserve(own.size());
        for (const Row* row : own) off.push_back(std::log(seconds(curves, *row) / row->seconds));
        return off;
      },
      scale);
  kin.curves = with(kin.curves, sought, found);
}

constexpr double kScale = 0.15;  // beyond this a row is an outlier more than a measurement

}  // namespace

double product_seconds(const ChipCurves& curves, const ProductRow& row) {
  const double fraction = row.width >= 16  ? curves.compute_fraction_16
                          : row.width >= 8 ? curves.compute_fraction_8
                                           : curves.compute_fraction_4;
  const roofline::Overlap op{row.bytes / (row.bandwidth * curves.bandwidth_fraction),
                             (row.rows + curves.tile_rows) * row.flops / (row.peak * fraction)};
  return op.seconds() + curves.kernel_floor_us * 1e-6;
}

Status fit_products(const Table& products, const catalog::Catalog& chips, roofline::Fits& fits) {
  TRY_ASSIGN(const std::vector<ProductRow> rows, product_rows(products, chips, fits));
  constexpr Sought kSought[] = {{"bandwidth_fraction", 0.3},
                                {"compute_fraction_16", 0.5},
                                {"compute_fraction_8", 0.5},
                                {"compute_fraction_4", 0.5},
                                {"tile_rows", 1}};
  // kernel_floor_us stays: products that are read from DRAM say little of it, and what they say
  // is of this one kernel and its timer.
  for (ChipClass& kin : fits.mutable_classes())
    fit_class<ProductRow>(kin, rows, kSought, kScale, product_seconds);
  return {};
}

Status fit_links(const Table& collectives, const catalog::Catalog& chips, roofline::Fits& fits) {
  TRY_ASSIGN(std::vector<AllReduceRow> rows, all_reduce_rows(collectives, chips, fits));
  constexpr Sought kSought[] = {
      {"link_fraction", 0.5}, {"link_floor_us", 1}, {"link_ramp_us", 1}, {"link_ramp_mb", 1}};
  for (ChipClass& kin : fits.mutable_classes()) {
    // The library with the least floor: the others time the launch, which a captured graph hides.
    std::string best;
    double least = 1;
    for (const AllReduceRow& row : rows)
      if (row.kin == kin.name && row.seconds < least) {
        least = row.seconds;
        best = row.source;
      }
    std::vector<AllReduceRow> own;
    for (const AllReduceRow& row : rows)
      if (row.kin == kin.name && row.source == best) own.push_back(row);
    fit_class<AllReduceRow>(
        kin, own, kSought, 0.3, [](const ChipCurves& curves, const AllReduceRow& row) {
          return roofline::all_reduce_seconds(curves, row.link, row.ranks, row.bytes);
        });
  }
  return {};
}

}  // namespace assay::calibrate
