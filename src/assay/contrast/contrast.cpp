// SPDX-License-Identifier: Apache-2.0
#include "assay/contrast/contrast.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "assay/contrast/student.hpp"

namespace assay::contrast {
namespace {

struct Judged {
  std::size_t place = 0;  // among the changes
  double freedom = 1;
  double error = 0;  // standard error of the difference
  double p = 1;
};

// Welch and Satterthwaite's degrees of freedom, with the effective numbers in place of the numbers.
double freedom_of(const Estimate& a, const Estimate& b) {
  const double va = a.standard_error * a.standard_error;
  const double vb = b.standard_error * b.standard_error;
  const double below = va * va / (a.effective - 1) + vb * vb / (b.effective - 1);
  return below > 0 ? (va + vb) * (va + vb) / below : a.effective + b.effective - 2;
}

std::optional<Judged> judge(const Change& change, std::size_t place) {
  if (!change.a || !change.b) return std::nullopt;
  if (change.a->effective < kLeastEffective || change.b->effective < kLeastEffective)
    return std::nullopt;
  Judged judged{.place = place, .freedom = freedom_of(*change.a, *change.b)};
  judged.error = std::hypot(change.a->standard_error, change.b->standard_error);
  const double t = judged.error > 0     ? change.change / judged.error
                   : change.change == 0 ? 0
                                        : std::numeric_limits<double>::infinity();
  judged.p = two_sided(t, judged.freedom);
  return judged;
}

bool nothing_of_it(const Change& change) {
  return quantities()[change.quantity].kind == Kind::cause && (!change.a || change.a->mean == 0) &&
         (!change.b || change.b->mean == 0);
}

}  // namespace

std::string_view to_string(Claim claim) {
  switch (claim) {
    case Claim::less: return "less";
    case Claim::more: return "more";
    case Claim::same: return "same";
    case Claim::unknown: return "unknown";
  }
  return "unknown";
}

std::vector<Change> contrast(const Run& a, const Run& b) {
  std::vector<Change> changes;
  std::vector<Judged> judged;
  for (std::size_t q = 0; q < quantities().size(); ++q) {
    Change change{.quantity = q, .a = estimate(a.series[q]), .b = estimate(b.series[q])};
    if ((!change.a && !change.b) || nothing_of_it(change)) continue;
    if (change.a && change.b) change.change = change.b->mean - change.a->mean;
    // Of two sums of which one is only a lower bound, neither is known to be the larger.
    const bool bound =
        quantities()[q].kind == Kind::money && (a.money_at_least || b.money_at_least);
    const auto found = bound ? std::nullopt : judge(change, changes.size());
    if (found) judged.push_back(*found);
    changes.push_back(change);
  }
  std::ranges::stable_sort(judged, {}, &Judged::p);
  double corrected = 0;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    Change& change = changes[judged[i].place];
    const auto left = static_cast<double>(judged.size() - i);
    corrected = std::max(corrected, std::min(1.0, left * judged[i].p));
    change.probability = corrected;
    change.margin =
        judged[i].error * quantile(kError / static_cast<double>(judged.size()), judged[i].freedom);
    const bool large = std::abs(change.change) >= quantities()[change.quantity].least;
    change.claim = corrected >= kError || !large ? Claim::same
                   : change.change > 0           ? Claim::more
                                                 : Claim::less;
  }
  return changes;
}

}  // namespace assay::contrast
