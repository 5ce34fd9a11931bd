// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace assay::contrast {

// One quantity of a run: its known windows in time order, and how long each was.
struct Series {
  std::vector<double> value;
  std::vector<double> seconds;
  void add(double x, double length) {
    value.push_back(x);
    seconds.push_back(length);
  }
};

// The mean over time, and how far off it may be. Windows are not independent: `effective` is how
// many independent ones would tell as much, from 1 to the number of windows.
struct Estimate {
  double mean = 0;
  double standard_error = 0;
  double effective = 0;
  std::size_t windows = 0;
};

// None without a window. The standard error is the largest of three: by Geyer's initial monotone
// sequence of the autocovariances (Statistical Science 7, 1992); by means of about sqrt(n) batches,
// which sees what is slower; and of an AR(1) process with the lag-1 correlation corrected for a
// short series' bias, which holds where the windows are few. All are of the residuals weighted by
// the windows' lengths.
std::optional<Estimate> estimate(const Series& series);

}  // namespace assay::contrast
