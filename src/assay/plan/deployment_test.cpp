// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/deployment.hpp"

#include <gtest/gtest.h>

#include <random>

#include "assay/plan/real_chips_test.hpp"
#include "assay/plan/serving.hpp"
#include "assay/plan/toy_cost_test.hpp"
#include "assay/plan/what_if.hpp"

namespace assay::plan {
namespace {

Deployment on_h100s(int tensor, int replicas, const char* precision = "fp8") {
  const auto made = Deployment::make(shipped_model("llama-3.1-70b", precision).model,
                                     shipped_roofs({"h100-sxm5-80gb"}).at(0), {.tensor = tensor},
                                     shipped_engine(), replicas);
  CHECK(made.ok());
  return *made;
}

TEST(Deployment, PartsSumToTheWhole) {
  const Prediction found = on_h100s(4, 1).at_concurrency(fixed_workload(1024, 1024), 32);
  const TimeShare& time = found.time_share;
  EXPECT_NEAR(time.weights + time.kv + time.compute + time.collective + time.overhead, 1, 1e-9);
  const EnergyShare& energy = found.energy_share;
  EXPECT_NEAR(energy.moving_data + energy.arithmetic + energy.standing, 1, 1e-9);
  EXPECT_NEAR(found.per_token->value() * found.output_tokens_per_second, found.power->value(),
              1e-6);
}

TEST(Deployment, TheSplitOfThePriceLosesNoCent) {
  const Prediction found = on_h100s(4, 1).at_concurrency(fixed_workload(2048, 256), 16);
  const double hour = 3600 / 1e6 *
                      (found.cost->input.value() * found.input_tokens_per_second +
                       found.cost->output.value() * found.output_tokens_per_second);
  EXPECT_NEAR(hour, found.price->value(), 1e-9 * hour);
  EXPECT_NEAR(found.cost->output_all.value(),
              found.price->value() / 3600 / found.output_tokens_per_second * 1e6, 1e-9);
  EXPECT_GT(found.cost->input.value(), 0);
  EXPECT_LT(found.cost->input.value(), found.cost->output.value());
}

TEST(Deployment, ReplicasShareTheLoad) {
  const Prediction one = on_h100s(4, 1).at_concurrency(fixed_workload(1024, 256), 16);
  const Prediction three = on_h100s(4, 3).at_concurrency(fixed_workload(1024, 256), 48);
  EXPECT_NEAR(three.output_tokens_per_second, 3 * one.output_tokens_per_second, 1e-6);
  EXPECT_NEAR(three.cost->output_all.value(), one.cost->output_all.value(), 1e-9);
  EXPECT_NEAR(three.power->value(), 3 * one.power->value(), 1e-6);
  EXPECT_EQ(three.ttft.mean, one.ttft.mean);
}

TEST(Deployment, NoClientIsInventedForIdleReplicas) {
  const Prediction one = on_h100s(4, 1).at_concurrency(fixed_workload(1024, 256), 1);
  const Prediction many = on_h100s(4, 10).at_concurrency(fixed_workload(1024, 256), 4);
  EXPECT_NEAR(many.concurrency, 4, 1e-6);
  EXPECT_NEAR(many.output_tokens_per_second, 4 * one.output_tokens_per_second, 1e-6);
  EXPECT_EQ(many.tpot->mean, one.tpot->mean);
  // All ten are paid for, and six of them draw what a board draws that stands by.
  EXPECT_NEAR(many.price->value(), 10 * one.price->value(), 1e-9);
  EXPECT_NEAR(many.cost->output_all.value(), 2.5 * one.cost->output_all.value(), 1e-9);
  EXPECT_GT(many.power->value(), 4 * one.power->value());
  EXPECT_LT(many.power->value(), 10 * one.power->value());
  EXPECT_NEAR(many.per_token->value() * many.output_tokens_per_second, many.power->value(), 1e-6);
  EXPECT_NEAR(
      many.energy_share.moving_data + many.energy_share.arithmetic + many.energy_share.standing, 1,
      1e-9);
}

TEST(Deployment, WeightsThatDoNotFitLeaveNoRoom) {
  EXPECT_LT(on_h100s(1, 1, "bf16").room(fixed_workload(100, 100)), 1);
  EXPECT_GT(on_h100s(4, 1, "bf16").room(fixed_workload(100, 100)), 1);
  // A request longer than the whole cache.
  EXPECT_LT(on_h100s(4, 1, "bf16").room(fixed_workload(5e6, 100)), 1);
}

TEST(Deployment, NoMoreIsSaidToHoldThanTheSimulatorKeepsUp) {
  const auto roofs =
      shipped_roofs({"h100-sxm5-80gb", "rtx-4090", "mi300x", "b200-hgx", "gh200-96gb"});
  std::mt19937 random(3);
  const auto pick = [&](int low, int high) {
    return std::uniform_int_distribution(low, high)(random);
  };
  int tried = 0;
  for (int i = 0; tried < 24; ++i) {
    ASSERT_LT(i, 400);
    const bool large = pick(0, 1) == 1;
    const char* precision = pick(0, 1) == 1 ? "" : "fp8";
    const auto made =
        Deployment::make(shipped_model(large ? "qwen3-32b" : "llama-3.1-8b", precision).model,
                         roofs.at(static_cast<std::size_t>(pick(0, 4))),
                         {.tensor = 1 << pick(0, 3)}, shipped_engine(), 1);
    const int prompt = 1 << pick(7, 12);
    const int answer = 1 << pick(4, 10);
    const Workload asked = pick(0, 1) == 1 ? fixed_workload(prompt, answer)
                                           : Workload{*Lengths::lognormal(prompt, 0.8),
                                                      *Lengths::lognormal(answer, 0.8)};
    if (!made || made->room(asked) < 8 || made->room(asked) > 200) continue;
    const double held = ended_while_full(made->step_cost(), made->limits(asked), asked);
    if (held == 0) continue;  // a request drawn is longer than the cache
    ++tried;
    EXPECT_LE(made->most_rate(asked), held) << i << ": " << prompt << " in, " << answer << " out";
    EXPECT_FALSE(made->at_rate(asked, held)) << i;
  }
}

TEST(Deployment, ClientsAreRateTimesTheTimeOfARequest) {
  for (const int tensor : {1, 8})
    for (const double clients : {1.0, 3.0, 16.0, 100.0})
      for (const int prompt : {32, 2048})
        for (const int answer : {1, 2, 128})
          for (const bool spread : {false, true}) {
            const auto lengths = [&](int tokens) {
              return spread ? *Lengths::uniform(tokens, 0.8) : *Lengths::fixed(tokens);
            };
            const auto made = Deployment::make(shipped_model("llama-3.1-8b", "").model,
                                               shipped_roofs({"h100-sxm5-80gb"}).at(0),
                                               {.tensor = tensor}, shipped_engine(), 1);
            ASSERT_TRUE(made.ok());
            const Workload asked{lengths(prompt), lengths(answer)};
            SCOPED_TRACE(testing::Message() << tensor << " x, " << clients << " clients, " << prompt
                                            << " in, " << answer << " out, " << spread);
            const Prediction found = made->at_concurrency(asked, clients);
            EXPECT_NEAR(found.requests_per_second * found.e2e.mean.value(), clients,
                        1e-3 * clients);
            EXPECT_NEAR(found.concurrency, clients, 1e-6 * clients);
            const auto requests = draw(asked, static_cast<std::size_t>(200 * clients), {}, 5);
            const auto run =
                serve(made->step_cost(), made->limits(asked), requests, static_cast<int>(clients));
            ASSERT_TRUE(run.ok());
            const auto seen = made->of_run(*run, static_cast<std::size_t>(20 * clients), 1);
            EXPECT_NEAR(seen->requests_per_second * seen->e2e.mean.value(), clients,
                        0.02 * clients);
            // Answers of a token or two come in lots that mean values know little of.
            EXPECT_NEAR(found.requests_per_second / seen->requests_per_second, 1,
                        answer > 2 ? 0.1 : 0.35);
          }
}

TEST(Deployment, IdleBoardsDrawLessThanBusyOnes) {
  const Deployment deployment = on_h100s(4, 1);
  const auto idle = deployment.at_rate(fixed_workload(1024, 256), 0.01);
  const auto busy = deployment.at_rate(fixed_workload(1024, 256), 2);
  ASSERT_TRUE(idle && busy);
  EXPECT_LT(idle->power->value(), busy->power->value());
  EXPECT_GT(idle->per_token->value(), busy->per_token->value());
  EXPECT_GT(idle->cost->output_all, busy->cost->output_all);
}

TEST(Deployment, TheSimulatorAndTheClosedFormAgreeOnARealChip) {
  const Deployment deployment = on_h100s(4, 1);
  const Workload asked{*Lengths::uniform(1024, 0.8), *Lengths::uniform(1024, 0.8)};
  const auto run =
      serve(deployment.step_cost(), deployment.limits(asked), draw(asked, 1000, {}, 1), 32);
  ASSERT_TRUE(run.ok());
  const auto simulated = deployment.of_run(*run, 64, 1);
  const Prediction closed = deployment.at_concurrency(asked, 32);
  ASSERT_TRUE(simulated);
  EXPECT_NEAR(closed.tpot->mean / simulated->tpot->mean, 1, 0.03);
  EXPECT_NEAR(closed.ttft.mean / simulated->ttft.mean, 1, 0.15);
  EXPECT_NEAR(*closed.per_token / *simulated->per_token, 1, 0.06);
  EXPECT_NEAR(closed.time_share.weights, simulated->time_share.weights, 0.02);
  EXPECT_NEAR(closed.cost->input / simulated->cost->input, 1, 0.25);
}

TEST(WhatIf, BandwidthHelpsWhereMemoryIsTheWall) {
  const WhatIfs changes =
      what_if(shipped_model("llama-3.1-70b", "bf16").model, shipped_roofs({"h100-sxm5-80gb"}).at(0),
              {.tensor = 4}, shipped_engine(), [](const Deployment& one) -> std::optional<double> {
                return one.at_concurrency(fixed_workload(128, 1024), 4).output_tokens_per_second;
              });
  double sum = 0;
  for (const WhatIf& change : changes) {
    ASSERT_TRUE(change.cost_change);
    EXPECT_LE(*change.cost_change, 1e-9);
    sum += *change.cost_change;
  }
  EXPECT_LT(*changes[0].cost_change, -0.04);
  EXPECT_GT(sum, -0.1 / 1.1 - 1e-3);  // a tenth more of everything can't buy more than a tenth
}

// Llama-3.1-8B reads 15 GB of weights and, at this context, 15.7 GB of cache a token, from 3.35
// TB/s.
TEST(Deployment, StagesAndCopiesDoNotHastenASequenceAlone) {
  const Workload workload = fixed_workload(120000, 100);
  const model::Model model = shipped_model("llama-3.1-8b", "").model;
  const double read = 15.0e9 + 120000 * model::kv_bytes_per_token(model);
  for (const roofline::Parallel cut : {roofline::Parallel{.pipeline = 8}, {.data = 8}}) {
    const Deployment made =
        Deployment::make(model, shipped_roofs({"h100-sxm5-80gb"}).at(0), cut, shipped_engine(), 1)
            .value();
    const Workload long_answers = fixed_workload(120000, 10000);
    EXPECT_GT(made.at_concurrency(long_answers, 1).tpot->mean.value(), read / 3.35e12);
    const std::vector<Request> requests(3, {Seconds(), 120000, 100});
    const auto run = serve(made.step_cost(), made.limits(workload), requests, 1).value();
    EXPECT_GT(made.of_run(run, 1, 1)->tpot->mean.value(), read / 3.35e12);
  }
}

// Reading the weights once, of a dense model on chips of one tier of memory.
TEST(Deployment, NoIntervalReachesUnderWhatTheDatasheetAllows) {
  const roofline::Fits fits = shipped_fits();
  int seen = 0;
  int held = 0;
  for (const char* precision : {"bf16", "q4_0"})
    for (const char* name : {"llama-3.1-8b", "qwen3-32b"})
      for (const char* engine : {"vllm", "llama.cpp", "llama.cpp-metal"})
        for (const roofline::ChipRoof& roof : shipped_roofs({})) {
          const model::Model model = shipped_model(name, precision).model;
          const auto made = Deployment::make(model, roof, {}, fits.engine(engine).value(), 1);
          const Workload workload = fixed_workload(512, 128);
          if (!made || roof.tiers.size() != 1 || made->room(workload) < 1) continue;
          const double table = 2.0 * model.vocab * model.hidden;
          const double floor =
              (model::weight_bytes(model) - table) / roof.tiers.front().bandwidth.value();
          const Prediction p = made->at_concurrency(workload, 1);
          EXPECT_GE(p.tpot_interval.lo, floor) << roof.chip << " " << name << " " << engine;
          EXPECT_GE(p.ttft_interval.lo, floor) << roof.chip << " " << name << " " << engine;
          EXPECT_LE(p.tpot_interval.lo, p.tpot->mean.value()) << roof.chip;
          EXPECT_LE(p.ttft_interval.lo, p.ttft.mean.value()) << roof.chip;
          if (p.cost) {
            EXPECT_NEAR(p.cost_interval.lo / p.cost->output_all.value(),
                        p.tpot_interval.lo / p.tpot->mean.value(), 1e-9);
          }
          ++seen;
          held += p.tpot_interval.lo > p.tpot->mean.value() * made->step().spreads().tpot.lo;
        }
  EXPECT_GT(seen, 300);
  EXPECT_GT(held, 30);  // so the bound is what holds them
}

}  // namespace
}  // namespace assay::plan
