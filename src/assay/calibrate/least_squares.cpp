// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace assay::calibrate {
namespace {

using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;

constexpr int kRounds = 40;
constexpr double kStep = 1e-3;    // of ln(x), for slopes
constexpr double kEnough = 1e-5;  // relative gain of a round

// Solves a x = b for a symmetric positive matrix (Cholesky). a is used up.
Vector solve(Matrix a, Vector b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i][k] * a[j][k];
      a[i][j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / a[j][j];
    }
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
  return b;
}

class Search {
 public:
  Search(const std::vector<Unknown>& unknowns,
         const std::function<Vector(const Vector&)>& residuals, double scale)
      : unknowns_(unknowns), residuals_(residuals), scale_(scale) {
    for (const Unknown& each : unknowns)
      at_.push_back(std::log(each.guess > 0 ? each.guess : each.start));
  }

  Vector run() {
    Vector now = residuals_(values(at_));
    double best = cost(now, at_);
    double damping = 1e-2;
    for (int round = 0; round < kRounds; ++round) {
      normal_equations(now);
      bool better = false;
      for (int attempt = 0; attempt < 6 && !better; ++attempt) {
        const Vector next = moved(damping);
        Vector then = residuals_(values(next));
        const double price = cost(then, next);
        better = price < best;
        damping *= better ? 0.3 : 5;
        if (!better) continue;
        const bool enough = best - price < kEnough * best;
        best = price;
        at_ = next;
        now = std::move(then);
        if (enough) return values(at_);
      }
      if (!better) break;
    }
    return values(at_);
  }

 private:
  [[nodiscard]] Vector values(const Vector& logs) const {
    Vector out;
    for (const double each : logs) out.push_back(std::exp(each));
    return out;
  }
  [[nodiscard]] double pull(std::size_t i, const Vector& at) const {
    return (at[i] - std::log(unknowns_[i].start)) / unknowns_[i].belief;
  }
  [[nodiscard]] double cost(const Vector& residuals, const Vector& at) const {
    double sum = 0;
    for (const double r : residuals) sum += std::log1p(r * r / (scale_ * scale_));
    for (std::size_t i = 0; i < at.size(); ++i) sum += pull(i, at) * pull(i, at);
    return sum;
  }

  void normal_equations(const Vector& now) {
    const std::size_t n = at_.size();
    Matrix slopes;
    for (std::size_t i = 0; i < n; ++i) {
      Vector shifted = at_;
      shifted[i] += kStep;
      Vector then = residuals_(values(shifted));
      for (std::size_t r = 0; r < then.size(); ++r) then[r] = (then[r] - now[r]) / kStep;
      slopes.push_back(std::move(then));
    }
    normal_.assign(n, Vector(n, 0));
    gradient_.assign(n, 0);
    for (std::size_t r = 0; r < now.size(); ++r) {
      const double weight = 1 / (scale_ * scale_ + now[r] * now[r]);
      for (std::size_t i = 0; i < n; ++i) {
        gradient_[i] -= weight * slopes[i][r] * now[r];
        for (std::size_t j = 0; j <= i; ++j) normal_[i][j] += weight * slopes[i][r] * slopes[j][r];
      }
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double belief = unknowns_[i].belief;
      normal_[i][i] += 1 / (belief * belief);
      gradient_[i] -= pull(i, at_) / belief;
    }
  }

  [[nodiscard]] Vector moved(double damping) const {
    Matrix damped = normal_;
    for (std::size_t i = 0; i < at_.size(); ++i) damped[i][i] *= 1 + damping;
    Vector step = solve(std::move(damped), gradient_);
    for (std::size_t i = 0; i < at_.size(); ++i) {
      const double least = std::log(std::max(unknowns_[i].least, 1e-9));
      step[i] =
          std::clamp(at_[i] + std::clamp(step[i], -0.7, 0.7), least, std::log(unknowns_[i].most));
    }
    return step;
  }

  const std::vector<Unknown>& unknowns_;
  const std::function<Vector(const Vector&)>& residuals_;
  double scale_;
  Vector at_;
  Matrix normal_;
  Vector gradient_;
};

}  // namespace

std::vector<double> least_squares(
    const std::vector<Unknown>& unknowns,
    const std::function<std::vector<double>(const std::vector<double>&)>& residuals, double scale) {
  return Search(unknowns, residuals, scale).run();
}

}  // namespace assay::calibrate
