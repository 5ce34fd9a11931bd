// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "assay/calibrate/serving_row.hpp"

// Published runs whose tables are known to name another concurrency than the engine's.
namespace assay::calibrate {

// The places that such a run's engine had: one of these, which one is not known. Empty where no
// fault is known. Reads what the row says of the run, never what was measured. `measured`: its
// date, as 2025-12-08T...
std::span<const int> places_of_misstated(const ServingRow& row, std::string_view measured);

// What is wrong with those rows, in words.
std::string_view misstated_why();

}  // namespace assay::calibrate
