// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/frontier.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

namespace assay::plan {
namespace {

// A price, then the faster; joules where there is none; then fewer chips.
auto order_of(const Answer& answer) {
  const Prediction& prediction = answer.prediction;
  constexpr double kLast = std::numeric_limits<double>::infinity();
  const double unpriced = prediction.per_token ? prediction.per_token->value() : kLast;
  return std::tuple(prediction.cost ? prediction.cost->output_all.value() : kLast,
                    prediction.cost ? 0 : unpriced, prediction.e2e.mean.value(),
                    answer.candidate.chips(), answer.candidate.roof, answer.candidate.variant,
                    answer.candidate.parallel.tensor, answer.candidate.parallel.expert);
}

}  // namespace

std::vector<std::size_t> worth_showing(const Found& found, std::size_t most) {
  std::set<std::size_t> chips;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < found.answers.size() && rows.size() < most; ++i) {
    const bool best_of_chip = chips.insert(found.answers[i].candidate.roof).second;
    if (best_of_chip || found.answers[i].on_frontier) rows.push_back(i);
  }
  return rows;
}

void rank(std::vector<Answer>& answers) {
  std::ranges::sort(answers, {}, order_of);
  // In order of cost, each is on the frontier that is faster than all before it.
  std::optional<std::size_t> fastest;
  for (Answer& each : answers) {
    each.on_frontier = false;
    each.dominated_by.reset();
  }
  for (std::size_t i = 0; i < answers.size() && answers[i].prediction.cost; ++i) {
    if (!fastest || answers[i].prediction.e2e.mean < answers[*fastest].prediction.e2e.mean) {
      answers[i].on_frontier = true;
      fastest = i;
    } else {
      answers[i].dominated_by = *fastest;
    }
  }
}

}  // namespace assay::plan
