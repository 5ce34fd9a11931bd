// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/base/result.hpp"
#include "assay/plan/random.hpp"

namespace assay::plan {

// How long prompts or answers are, in tokens.
class Lengths {
 public:
  Lengths() = default;  // one token
  // All alike. Fails below 1 or over kMost.
  static Result<Lengths> fixed(double tokens);
  // Uniform on [low x most, most], as serving benchmarks draw them; low in (0, 1].
  static Result<Lengths> uniform(double most, double low);
  // Lognormal of this mean, sigma of the logarithm; cut to [1, kMost].
  static Result<Lengths> lognormal(double mean, double sigma);

  [[nodiscard]] double mean() const { return mean_; }
  // Standard deviation over mean.
  [[nodiscard]] double spread() const;
  // Where the share q of the lengths lies below; q in (0, 1).
  [[nodiscard]] double quantile(double q) const;
  [[nodiscard]] int draw(Random& random) const;

  static constexpr double kMost = 1e7;

 private:
  enum class Kind { fixed, uniform, lognormal };
  Lengths(Kind kind, double mean, double shape) : kind_(kind), mean_(mean), shape_(shape) {}
  Kind kind_ = Kind::fixed;
  double mean_ = 1;
  double shape_ = 0;  // uniform: low; lognormal: sigma
};

// The quantile function of the standard normal; q in (0, 1).
double normal_quantile(double q);

}  // namespace assay::plan
