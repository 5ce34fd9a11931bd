// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "assay/kernels/fill.hpp"
#include "assay/sample/kernels.hpp"

namespace assay::kernels {

// One row of the table with what it is to blame for.
struct Blame {
  const sample::KernelRow* row = nullptr;  // in the table that was ranked
  std::optional<Fill> fill;
  // Of the whole run: the row's sums times the table's scale.
  double launches = 0;
  Seconds total{0};
  Seconds gap{0};
  // empty_sms x total: device time thrown away, as if that long the whole device had stood still.
  // Nothing where the fill is not known.
  std::optional<Seconds> wasted;
};

// All rows, the greatest waste first; rows whose waste is not known come after, longest first. The
// table must outlive the answer.
std::vector<Blame> ranked(const sample::KernelTable& table);

}  // namespace assay::kernels
