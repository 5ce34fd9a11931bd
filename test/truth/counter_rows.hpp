// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "assay/metric/metric.hpp"
#include "truth/ground.hpp"

namespace assay::test {

// A reading that the hardware counters give, and what it should be.
struct CounterRow {
  metric::Id id;
  double (*of)(const Share&);
};

// Shares of a peak or of time; the meter shows at most 1.
std::span<const CounterRow> ratio_rows();
// Bytes a second.
std::span<const CounterRow> rate_rows();

}  // namespace assay::test
