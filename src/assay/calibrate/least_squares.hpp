// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

namespace assay::calibrate {

// One number to be found.
struct Unknown {
  double start = 1;  // above 0, what is believed before any measurement
  double least = 0;
  double most = 1e9;
  double guess = 0;   // where to begin looking; 0: at `start`
  double belief = 1;  // how far it may lie from `start`: one standard deviation of the logarithm
};

// Minimizes the sum of rho(residual / scale) plus the squares of ln(x / start) / belief, where rho
// is Cauchy's log(1 + r^2): a residual far off pulls no harder than one near. Levenberg-Marquardt
// on ln(x) with differences for slopes. Same input, same output. residuals(x) must give as many
// each time.
std::vector<double> least_squares(
    const std::vector<Unknown>& unknowns,
    const std::function<std::vector<double>(const std::vector<double>&)>& residuals, double scale);

}  // namespace assay::calibrate
