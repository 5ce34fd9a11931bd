// SPDX-License-Identifier: Apache-2.0
#include "assay/contrast/series.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace assay::contrast {
namespace {

double autocovariance(const std::vector<double>& residual, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = lag; i < residual.size(); ++i) sum += residual[i] * residual[i - lag];
  return sum / static_cast<double>(residual.size());
}

// The variance of the mean times n: pairs of autocovariances as long as they are positive, held to
// fall.
double long_run_variance(const std::vector<double>& residual) {
  const double at_once = autocovariance(residual, 0);
  double sum = -at_once;
  double last = 2 * at_once;
  // What is alike for longer than this is the batches' to see; a day of windows would take minutes.
  const auto most = static_cast<std::size_t>(10 * std::sqrt(static_cast<double>(residual.size())));
  for (std::size_t lag = 0; lag + 1 < residual.size() && lag <= most; lag += 2) {
    const double pair =
        (lag == 0 ? at_once : autocovariance(residual, lag)) + autocovariance(residual, lag + 1);
    if (!(pair > 0)) break;
    last = std::min(last, pair);
    sum += 2 * last;
  }
  return std::max(sum, at_once);  // alike neighbours only ever cost: opposed ones are not believed
}

// What an AR(1) process with this lag-1 correlation would have. A short series hides how slow it
// is: the correlation is raised by its bias, (1 + 3 rho) / n (Kendall, Biometrika 41, 1954).
double first_order_variance(const std::vector<double>& residual) {
  const auto n = static_cast<double>(residual.size());
  const double at_once = autocovariance(residual, 0);
  const double seen = autocovariance(residual, 1) / at_once;
  const double rho = std::clamp(seen + (1 + 3 * seen) / n, 0.0, 1 - 1 / n);
  return at_once * (1 + rho) / (1 - rho);
}

double batch_variance(const std::vector<double>& residual) {
  const std::size_t n = residual.size();
  const auto batches = static_cast<std::size_t>(std::sqrt(static_cast<double>(n)));
  if (batches < 4) return 0;
  const std::size_t length = n / batches;
  double squares = 0;
  for (std::size_t b = 0; b < batches; ++b) {
    double sum = 0;
    for (std::size_t i = 0; i < length; ++i) sum += residual[b * length + i];
    squares += sum * sum / static_cast<double>(length);
  }
  return squares / static_cast<double>(batches - 1);
}

}  // namespace

std::optional<Estimate> estimate(const Series& series) {
  const std::size_t n = series.value.size();
  const double total = std::accumulate(series.seconds.begin(), series.seconds.end(), 0.0);
  if (n == 0 || !(total > 0)) return std::nullopt;
  Estimate out{.windows = n};
  for (std::size_t i = 0; i < n; ++i) out.mean += series.value[i] * series.seconds[i] / total;
  if (n == 1) {
    out.effective = 1;
    return out;
  }
  const double usual = total / static_cast<double>(n);
  std::vector<double> residual(n);
  for (std::size_t i = 0; i < n; ++i)
    residual[i] = (series.value[i] - out.mean) * series.seconds[i] / usual;
  const double at_once = autocovariance(residual, 0);
  const double correction = static_cast<double>(n) / static_cast<double>(n - 1);
  const bool constant = at_once <= 1e-24 * (out.mean * out.mean + 1e-12);  // but for rounding
  const double variance =
      constant ? 0
               : std::max({long_run_variance(residual) * correction, batch_variance(residual),
                           first_order_variance(residual) * correction});
  out.standard_error = std::sqrt(variance / static_cast<double>(n));
  out.effective = variance > 0
                      ? std::clamp(static_cast<double>(n) * at_once * correction / variance, 1.0,
                                   static_cast<double>(n))
                      : static_cast<double>(n);
  return out;
}

}  // namespace assay::contrast
