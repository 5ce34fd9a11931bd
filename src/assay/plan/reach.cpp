// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/reach.hpp"

#include <algorithm>

namespace assay::plan {
namespace {

using What = Unreachable::What;

bool keeps(const std::optional<Seconds>& limit, const std::optional<Seconds>& reached) {
  return !limit || !reached || *reached <= *limit;
}

// The smallest figure of one latency, over candidates that keep the other limits if any does.
class Best {
 public:
  void offer(double figure, const Candidate& by, bool keeps_others) {
    if (best_ && (keeps_ > keeps_others || (keeps_ == keeps_others && best_->best <= figure)))
      return;
    best_ = Unreachable{.best = figure, .by = by};
    keeps_ = keeps_others;
  }
  void file(What what, double asked, std::vector<Unreachable>& into) {
    if (!best_ || best_->best <= asked) return;
    best_->what = what;
    best_->asked = asked;
    into.push_back(*best_);
  }

 private:
  std::optional<Unreachable> best_;
  bool keeps_ = false;
};

void latencies(const Limit& limit, std::span<const Refusal> refusals,
               std::vector<Unreachable>& found) {
  Best ttft;
  Best tpot;
  for (const Refusal& each : refusals) {
    const auto* slow = std::get_if<TooSlow>(&each.reason);
    if (slow == nullptr) continue;
    const bool fast_answers = keeps(limit.tpot, slow->reach.tpot);
    const bool fast_start = keeps(limit.ttft, slow->reach.ttft);
    ttft.offer(slow->reach.ttft.value(), each.candidate, fast_answers && slow->reach.affordable);
    if (slow->reach.tpot)
      tpot.offer(slow->reach.tpot->value(), each.candidate, fast_start && slow->reach.affordable);
  }
  if (limit.ttft) ttft.file(What::ttft, limit.ttft->value(), found);
  if (limit.tpot) tpot.file(What::tpot, limit.tpot->value(), found);
}

// Whoever is over a budget keeps the limits of latency.
void budgets(std::span<const Refusal> refusals, std::vector<Unreachable>& found) {
  for (const auto& [kind, what] : {std::pair(OverLimit::What::power, What::power),
                                   std::pair(OverLimit::What::price, What::price),
                                   std::pair(OverLimit::What::chips, What::chips)}) {
    Best best;
    double allowed = 0;
    for (const Refusal& each : refusals) {
      const auto* over = std::get_if<OverLimit>(&each.reason);
      if (over == nullptr || over->what != kind) continue;
      best.offer(over->needed, each.candidate, true);
      allowed = over->allowed;
    }
    best.file(what, allowed, found);
  }
}

}  // namespace

std::vector<Unreachable> unreachable(const Limit& limit, std::span<const Refusal> refusals) {
  std::vector<Unreachable> found;
  latencies(limit, refusals, found);
  budgets(refusals, found);
  return found;
}

}  // namespace assay::plan
