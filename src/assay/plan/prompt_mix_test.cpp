// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/prompt_mix.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace assay::plan {
namespace {

TEST(PromptMix, ConservesIterationsAndTokens) {
  EXPECT_TRUE(rc::check([](unsigned a, unsigned b, unsigned c) {
    const double rate = std::pow(10.0, -4 + (a % 600) / 100.0);
    const double prompt = 1 + b % 20'000;
    const double budget = 1 + c % 20'000;
    const PromptMix mix = PromptMix::scattered(rate, prompt, budget);
    double shares = 0;
    for (const PromptMix::Class& each : mix.classes()) {
      RC_ASSERT(each.tokens >= 0);
      RC_ASSERT(each.tokens <= budget * (1 + 1e-12));
      shares += each.share;
    }
    RC_ASSERT(std::abs(shares - 1) < 1e-9);
    const double load = std::min(rate * prompt, budget);
    RC_ASSERT(std::abs(mix.mean() - load) < 1e-6 * budget + 1e-6 * load);
  }));
}

// The queue itself, iteration by iteration.
double simulated_backlog(double rate, double prompt, double budget) {
  std::mt19937_64 engine(3);
  std::poisson_distribution<int> arrivals(rate);
  double left = 0;
  double sum = 0;
  constexpr int kIterations = 2'000'000;
  for (int i = 0; i < kIterations; ++i) {
    left = std::max(0.0, left + arrivals(engine) * prompt - budget);
    sum += left;
  }
  return sum / kIterations;
}

TEST(PromptMix, BacklogIsTheQueuesOwn) {
  struct Case {
    double rate, prompt, budget;
  };
  for (const Case& c : {Case{0.5, 1000, 800}, Case{0.2, 3000, 1000}, Case{3, 100, 400},
                        Case{9, 100, 1000}, Case{0.05, 500, 2000}}) {
    const double found =
        mean_backlog({.rate = c.rate, .prompt = c.prompt, .cycle = 1e12}, c.budget);
    const double expected = simulated_backlog(c.rate, c.prompt, c.budget);
    EXPECT_NEAR(found, expected, 0.12 * expected + 0.002 * c.prompt) << c.rate << " " << c.prompt;
  }
  EXPECT_TRUE(std::isinf(mean_backlog({.rate = 1, .prompt = 100}, 100)));
}

}  // namespace
}  // namespace assay::plan
