// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/first_token.hpp"

#include <algorithm>
#include <cmath>

namespace assay::plan {
namespace {

using Arrivals = FirstToken::Arrivals;

// Requests that come in together: `count` of them, behind `ahead` tokens.
void add_group(FirstToken& out, double share, double count, double ahead, const Arrivals& arrivals,
               const TickCost& ticks) {
  const double full = ticks.seconds(arrivals.budget);
  const double all = ahead + count * arrivals.prompt;
  constexpr double kSlots = 4;
  const double slots = std::min(count, kSlots);
  for (double slot = 0; slot < slots; ++slot) {
    // The last of the slot's prompts.
    const double mine = ahead + arrivals.prompt * std::max(1.0, count * (slot + 1) / slots);
    const double before = std::ceil(mine / arrivals.budget - 1e-9) - 1;
    const double later = before * arrivals.others * arrivals.prompt;
    const double last = std::min(arrivals.budget, all + later - before * arrivals.budget);
    out.add(share / slots, before * full + ticks.seconds(last));
  }
}

}  // namespace

FirstToken FirstToken::scattered(const Arrivals& arrivals, const TickCost& ticks) {
  FirstToken out;
  // Some find a backlog, the others none.
  const double busy = std::min(1.0, arrivals.others * arrivals.prompt / arrivals.budget);
  const auto add = [&](double share, double count) {
    if (arrivals.backlog <= 0) {
      add_group(out, share, count, 0, arrivals, ticks);
      return;
    }
    add_group(out, share * (1 - busy), count, 0, arrivals, ticks);
    // Exponential, at the middles of its thirds (1.0: their mean).
    for (const double part : {0.189, 0.712, 2.099})
      add_group(out, share * busy / 3, count, part * arrivals.backlog / busy, arrivals, ticks);
  };
  // Who else comes in the same iteration: a Poisson, whoever looks.
  if (arrivals.others > 5) {
    const double reach = std::sqrt(3 * arrivals.others);
    add(1.0 / 6, std::max(1.0, 1 + arrivals.others - reach));
    add(2.0 / 3, 1 + arrivals.others);
    add(1.0 / 6, 1 + arrivals.others + reach);
    return out;
  }
  double weight = std::exp(-arrivals.others);
  double left = 1;
  for (double others = 0; others < 9 && left > 1e-3; ++others) {
    add(weight, 1 + others);
    left -= weight;
    weight *= arrivals.others / (others + 1);
  }
  return out;
}

void FirstToken::add(double share, double seconds) {
  if (share > 0 && count_ < kMost) classes_[count_++] = {share, seconds};
}

void FirstToken::sort() {
  std::sort(classes_.begin(), classes_.begin() + static_cast<std::ptrdiff_t>(count_),
            [](const Class& a, const Class& b) { return a.seconds < b.seconds; });
  double shares = 0;
  for (std::size_t i = 0; i < count_; ++i) shares += classes_[i].share;
  for (std::size_t i = 0; i < count_; ++i) classes_[i].share /= shares;
}

double FirstToken::mean() const {
  double sum = 0;
  for (std::size_t i = 0; i < count_; ++i) sum += classes_[i].share * classes_[i].seconds;
  return sum;
}

double FirstToken::deviation() const {
  const double middle = mean();
  double squares = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const double off = classes_[i].seconds - middle;
    squares += classes_[i].share * off * off;
  }
  return std::sqrt(squares);
}

Seconds FirstToken::quantile(double q) const {
  double below = 0;
  for (std::size_t i = 0; i < count_; ++i)
    if ((below += classes_[i].share) >= q - 1e-9) return Seconds(classes_[i].seconds);
  return Seconds(count_ > 0 ? classes_[count_ - 1].seconds : 0);
}

}  // namespace assay::plan
