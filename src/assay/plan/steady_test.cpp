// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/steady.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "assay/plan/toy_cost_test.hpp"

// The closed form against the simulator, over engines, policies, lengths and loads drawn at random.
namespace assay::plan {
namespace {

using roofline::Mixing;

class Draw {
 public:
  explicit Draw(unsigned seed) : engine_(seed) {}
  double log_uniform(double low, double high) {
    return low * std::pow(high / low, std::uniform_real_distribution<double>(0, 1)(engine_));
  }
  double uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(engine_);
  }

 private:
  std::mt19937 engine_;
};

// Memory and arithmetic overlap, as on a chip.
RoofToy random_roof(Draw& draw) {
  return {.weights = draw.log_uniform(2e-3, 2e-2),
          .context_token = draw.log_uniform(1e-9, 3e-8),
          .token = draw.log_uniform(5e-6, 1e-4),
          .sequence = draw.log_uniform(1e-6, 2e-5),
          .step = draw.log_uniform(2e-4, 4e-3)};
}

enum class Shape { fixed, uniform, lognormal };
Lengths lengths(Shape shape, double tokens) {
  switch (shape) {
    case Shape::fixed: return *Lengths::fixed(tokens);
    case Shape::uniform: return *Lengths::uniform(tokens, 0.8);
    case Shape::lognormal: return *Lengths::lognormal(tokens, 0.6);
  }
  return *Lengths::fixed(tokens);
}

struct Errors {
  double tpot = 0;
  double ttft = 0;
  double throughput = 0;
  double ttft_p95 = 0;
  double worst_tpot = 0;
};

double off(Seconds found, Seconds expected) { return std::abs(found / expected - 1); }

Errors closed_errors(Mixing mixing, Shape shape) {
  Draw draw_case(17);
  Errors sum;
  constexpr int kCases = 60;
  for (int i = 0; i < kCases; ++i) {
    const RoofToy roof = random_roof(draw_case);
    const double clients = std::floor(draw_case.log_uniform(1, 200));
    const Workload asked{lengths(shape, std::floor(draw_case.log_uniform(64, 8192))),
                         lengths(shape, std::floor(draw_case.log_uniform(16, 1024)))};
    const Limits limits{.mixing = mixing, .token_budget = i % 3 == 0 ? 2048.0 : 8192.0};
    const auto warm_up = static_cast<std::size_t>(clients) * 10;
    const auto requests = draw(asked, warm_up + std::max<std::size_t>(400, warm_up * 2), {}, 3);
    const auto run = serve(roof.cost(), limits, requests, static_cast<int>(clients));
    EXPECT_TRUE(run.ok());
    const RunSummary judge = *summarize(*run, warm_up);
    const Steady found = closed_loop(roof.cost(), limits, asked, clients);
    const double tpot = off(found.tpot->mean, judge.tpot->mean);
    sum.tpot += tpot / kCases;
    sum.worst_tpot = std::max(sum.worst_tpot, tpot);
    sum.ttft += off(found.ttft.mean, judge.ttft.mean) / kCases;
    sum.ttft_p95 += off(found.ttft.p95, judge.ttft.p95) / kCases;
    // The last requests of a run leave room to nobody; judge by the time in the system instead.
    const double rate = clients / judge.e2e.mean.value();
    sum.throughput += std::abs(found.requests_per_second / rate - 1) / kCases;
  }
  return sum;
}

TEST(Steady, AgreesWithTheSimulatorInAClosedLoop) {
  for (const Mixing mixing : {Mixing::chunked, Mixing::whole_prompts, Mixing::prefill_first}) {
    for (const Shape shape : {Shape::fixed, Shape::uniform, Shape::lognormal}) {
      SCOPED_TRACE(testing::Message()
                   << static_cast<int>(mixing) << " " << static_cast<int>(shape));
      const Errors errors = closed_errors(mixing, shape);
      const bool ragged = shape == Shape::lognormal;
      EXPECT_LT(errors.tpot, ragged ? 0.03 : 0.02);
      EXPECT_LT(errors.worst_tpot, 0.30);
      EXPECT_LT(errors.throughput, ragged ? 0.06 : 0.02);
      EXPECT_LT(errors.ttft, 0.06);
      EXPECT_LT(errors.ttft_p95, ragged ? 0.30 : 0.10);
    }
  }
}

TEST(Steady, AgreesWithTheSimulatorInAnOpenLoop) {
  for (const Mixing mixing : {Mixing::chunked, Mixing::prefill_first}) {
    Draw draw_case(5);
    Errors sum;
    constexpr int kCases = 40;
    for (int i = 0; i < kCases; ++i) {
      const RoofToy roof = random_roof(draw_case);
      const Workload asked{*Lengths::fixed(std::floor(draw_case.log_uniform(64, 4096))),
                           *Lengths::uniform(std::floor(draw_case.log_uniform(64, 1024)), 0.8)};
      const Limits limits{.mixing = mixing, .max_sequences = 256};
      const double most = scattered_loop(roof.cost(), limits, asked, 256).requests_per_second;
      const double rate = draw_case.uniform(0.05, 0.8) * most;
      const auto run = serve(roof.cost(), limits, draw(asked, 3000, rate, 3), {});
      EXPECT_TRUE(run.ok());
      const RunSummary judge = *summarize(*run, 500);
      const auto found = open_loop(roof.cost(), limits, asked, rate);
      ASSERT_TRUE(found);
      sum.tpot += off(found->tpot->mean, judge.tpot->mean) / kCases;
      sum.ttft += off(found->ttft.mean, judge.ttft.mean) / kCases;
      sum.ttft_p95 += off(found->ttft.p95, judge.ttft.p95) / kCases;
    }
    EXPECT_LT(sum.tpot, 0.05);
    EXPECT_LT(sum.ttft, 0.12);
    EXPECT_LT(sum.ttft_p95, 0.30);
  }
}

TEST(Steady, TheRateThatHoldsIsTheEnginesOwn) {
  const RoofToy roof{.weights = 5e-3, .token = 2e-5, .step = 1e-3};
  const Limits limits{.max_sequences = 64};
  const Workload asked{*Lengths::fixed(500), *Lengths::fixed(100)};
  const double most = saturated_rate(roof.cost(), limits, asked);
  EXPECT_TRUE(open_loop(roof.cost(), limits, asked, 0.99 * most));
  EXPECT_FALSE(open_loop(roof.cost(), limits, asked, 1.01 * most));
}

TEST(Steady, NoMoreIsSaidToHoldThanTheSimulatorKeepsUp) {
  Draw draw_case(23);
  double sum = 0;
  constexpr int kCases = 60;
  for (int i = 0; i < kCases; ++i) {
    const RoofToy roof = random_roof(draw_case);
    const auto shape = static_cast<Shape>(i % 3);
    const Workload asked{lengths(shape, std::floor(draw_case.log_uniform(64, 4096))),
                         lengths(shape, std::floor(draw_case.log_uniform(16, 1024)))};
    const Limits limits{
        .mixing = static_cast<Mixing>(i / 3 % 3),
        .max_sequences = 128,
        .kv_tokens = draw_case.log_uniform(6, 300) * (asked.prompt.mean() + asked.output.mean()),
        .reserves_answers = i % 4 == 3};
    const double said = saturated_rate(roof.cost(), limits, asked);
    const double held = ended_while_full(roof.cost(), limits, asked);
    EXPECT_LT(said, 1.05 * held) << i;  // toys; of chips see Deployment
    sum += said / held;
  }
  EXPECT_GT(sum / kCases, 0.9);  // nor much less
}

TEST(Steady, LittlesLawHoldsAndWaitingIsWhoHasNoRoom) {
  const RoofToy roof{.weights = 5e-3, .token = 2e-5, .step = 1e-3};
  const Workload asked{*Lengths::fixed(500), *Lengths::fixed(100)};
  const Steady found = closed_loop(roof.cost(), {.max_sequences = 16}, asked, 40);
  EXPECT_DOUBLE_EQ(found.admitted, 16);
  EXPECT_DOUBLE_EQ(found.waiting, 24);
  EXPECT_NEAR(found.requests_per_second * found.e2e.mean.value(), 40, 0.4);
}

TEST(Steady, OneSequenceAloneIsArithmetic) {
  const RoofToy roof{.weights = 5e-3, .context_token = 1e-6, .step = 1e-3};
  const Workload asked{*Lengths::fixed(100), *Lengths::fixed(51)};
  const Steady found = closed_loop(roof.cost(), {}, asked, 1);
  EXPECT_NEAR(found.ttft.mean.value(), 6e-3, 1e-9);
  EXPECT_NEAR(found.tpot->mean.value(), 6e-3 + 1e-6 * 125, 1e-6);
}

TEST(Steady, AnswersOfOneTokenHaveNoTpot) {
  const RoofToy roof{.weights = 5e-3, .token = 2e-5, .step = 1e-3};
  const Workload asked{*Lengths::fixed(1000), *Lengths::fixed(1)};
  const Steady found = closed_loop(roof.cost(), {.token_budget = 4000}, asked, 8);
  EXPECT_FALSE(found.tpot);
  EXPECT_NEAR(found.ttft.mean.value(), 2 * (4000 * 2e-5 + 1e-3), 1e-9);
}

TEST(Steady, NoTokenIsFasterThanAnIterationForItAlone) {
  Draw draw(11);
  for (int i = 0; i < 3000; ++i) {
    const RoofToy roof = random_roof(draw);
    const auto shape = static_cast<Shape>(i % 3);
    const Workload workload{lengths(shape, std::round(draw.log_uniform(16, 200000))),
                            lengths(shape, std::round(draw.log_uniform(4, 2000)))};
    const Limits limits{.mixing = static_cast<Mixing>(i / 3 % 3),
                        .token_budget = draw.log_uniform(512, 16384),
                        .max_sequences = 256,
                        .kv_tokens = draw.log_uniform(1.1, 300) *
                                     (workload.prompt.mean() + workload.output.mean())};
    if (most_admitted(limits, workload) < 1) continue;
    const double context = workload.prompt.mean() + (workload.output.mean() - 1) / 2;
    const StepCost cost = roof.cost();
    const Seconds least =
        cost.time({.decode_sequences = 1, .decode_context = context}).total() * (1 - 1e-9);
    const Steady closed = closed_loop(cost, limits, workload, draw.log_uniform(1, 400));
    EXPECT_GE(closed.tpot->mean, least) << i;
    EXPECT_GE(closed.tpot->p50, least) << i;
    const auto open = open_loop(cost, limits, workload, 0.5 * closed.requests_per_second);
    if (open) {
      EXPECT_GE(open->tpot->mean, least) << i;
    }
  }
}

}  // namespace
}  // namespace assay::plan
