// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/sought.hpp"

#include <algorithm>

namespace assay::calibrate {

std::vector<Unknown> unknowns_of(std::span<const Sought> sought,
                                 const roofline::ChipCurves& start) {
  std::vector<Unknown> out;
  for (const Sought& each : sought)
    for (const roofline::CurveConstant& c : roofline::curve_constants())
      if (c.name == each.name)
        out.push_back({std::clamp(start.*c.member, std::max(c.least, 1e-3), c.most),
                       std::max(c.least, 1e-3), c.most, 0, each.belief});
  return out;
}

roofline::ChipCurves with(roofline::ChipCurves curves, std::span<const Sought> sought,
                          const std::vector<double>& found) {
  for (std::size_t i = 0; i < sought.size(); ++i)
    for (const roofline::CurveConstant& c : roofline::curve_constants())
      if (c.name == sought[i].name) curves.*c.member = found[i];
  return curves;
}

}  // namespace assay::calibrate
