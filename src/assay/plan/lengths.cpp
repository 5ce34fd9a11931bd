// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/lengths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::plan {
namespace {

Status check_tokens(double tokens) {
  if (tokens >= 1 && tokens <= Lengths::kMost) return {};
  return Error{ErrorCode::invalid_argument,
               fmt::format("a length of {:g} tokens can't be served; give 1 to {:.0f}", tokens,
                           Lengths::kMost)};
}

}  // namespace

Result<Lengths> Lengths::fixed(double tokens) {
  TRY(check_tokens(tokens));
  return Lengths(Kind::fixed, tokens, 0);
}

Result<Lengths> Lengths::uniform(double most, double low) {
  TRY(check_tokens(most));
  if (!(low > 0 && low <= 1))
    return Error{ErrorCode::invalid_argument,
                 fmt::format("lengths uniform from {:g} of the longest make no sense; give a "
                             "fraction over 0 and at most 1",
                             low)};
  return Lengths(Kind::uniform, most * (1 + low) / 2, low);
}

Result<Lengths> Lengths::lognormal(double mean, double sigma) {
  TRY(check_tokens(mean));
  if (!(sigma > 0 && sigma <= 3))
    return Error{ErrorCode::invalid_argument,
                 fmt::format("lognormal lengths with a sigma of {:g} make no sense; give one over "
                             "0 and at most 3",
                             sigma)};
  return Lengths(Kind::lognormal, mean, sigma);
}

double Lengths::spread() const {
  switch (kind_) {
    case Kind::fixed: return 0;
    case Kind::uniform: return (1 - shape_) / (1 + shape_) / std::sqrt(3.0);
    case Kind::lognormal: return std::sqrt(std::expm1(shape_ * shape_));
  }
  return 0;
}

double Lengths::quantile(double q) const {
  switch (kind_) {
    case Kind::fixed: return mean_;
    case Kind::uniform: {
      const double most = 2 * mean_ / (1 + shape_);
      return most * (shape_ + (1 - shape_) * q);
    }
    case Kind::lognormal: {
      const double median = mean_ * std::exp(-shape_ * shape_ / 2);
      return std::clamp(median * std::exp(shape_ * normal_quantile(q)), 1.0, kMost);
    }
  }
  return mean_;
}

int Lengths::draw(Random& random) const {
  if (kind_ == Kind::fixed) return static_cast<int>(std::lround(mean_));
  return static_cast<int>(std::lround(std::clamp(quantile(random.uniform()), 1.0, kMost)));
}

// Abramowitz and Stegun 26.2.23: off by less than 4.5e-4, far below what a latency is known to.
double normal_quantile(double q) {
  const double tail = std::min(q, 1 - q);
  const double t = std::sqrt(-2 * std::log(std::max(tail, 1e-300)));
  const double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                           (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return q < 0.5 ? -z : z;
}

}  // namespace assay::plan
