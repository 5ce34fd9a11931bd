// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/calibrate/table.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/roofline/fits.hpp"

namespace assay::calibrate {

// One matrix product, ready for arithmetic.
struct ProductRow {
  const catalog::Chip* chip = nullptr;
  std::string kin;    // name of the chip's class
  double width = 16;  // bits of an operand
  double rows = 0;
  double bytes = 0;  // weights, activations in, results out
  double flops = 0;  // of one row
  double seconds = 0;
  double bandwidth = 0;  // datasheet
  double peak = 0;       // datasheet, at this width
  std::optional<double> watts;
};

struct AllReduceRow {
  std::string kin;
  std::string source;
  double ranks = 0;
  double bytes = 0;
  double link = 0;  // datasheet, one way
  double seconds = 0;
};

// Rows of chips that the catalog does not know are passed over. Error: invalid_argument for a
// column that is absent.
Result<std::vector<ProductRow>> product_rows(const Table& table, const catalog::Catalog& chips,
                                             const roofline::Fits& fits);
Result<std::vector<AllReduceRow>> all_reduce_rows(const Table& table, const catalog::Catalog& chips,
                                                  const roofline::Fits& fits);

}  // namespace assay::calibrate
