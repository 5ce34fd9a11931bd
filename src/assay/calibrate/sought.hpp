// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "assay/calibrate/least_squares.hpp"
#include "assay/roofline/curves.hpp"

namespace assay::calibrate {

// A constant of the curves that is to be found, by name, and how sure one is of where it starts.
struct Sought {
  std::string_view name;
  double belief;
};

std::vector<Unknown> unknowns_of(std::span<const Sought> sought, const roofline::ChipCurves& start);
// The curves with what was found in place of what was sought.
roofline::ChipCurves with(roofline::ChipCurves curves, std::span<const Sought> sought,
                          const std::vector<double>& found);

}  // namespace assay::calibrate
