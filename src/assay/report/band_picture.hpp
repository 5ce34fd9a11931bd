// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "assay/report/report.hpp"

namespace assay::report {

// Colours as variables and the classes that use them: the same as the web page's, for both themes.
std::string_view colours();

// The class of a cause's colour: green for healthy, else by how much of the time it explains.
std::string cause_class(const Report& report, causes::Cause cause);

// The picture's inside and its size; `alone` adds a title line and the legend.
struct BandPicture {
  std::string body;
  double width = 0;
  double height = 0;
};
BandPicture band_picture(const Report& report, bool alone);

}  // namespace assay::report
