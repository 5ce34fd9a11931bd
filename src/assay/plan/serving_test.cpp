// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/serving.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "assay/plan/toy_cost_test.hpp"

namespace assay::plan {
namespace {

std::vector<Request> same(int count, int prompt, int output) {
  return std::vector<Request>(static_cast<std::size_t>(count),
                              {.prompt = prompt, .output = output});
}

TEST(Serving, OneRequestByHand) {
  // 1 ms a step, 10 us a prompt token: 100 prompt tokens are one step of 2 ms, then 9 of 1 ms.
  const Toy toy{.step = 1e-3, .prompt_token = 1e-5};
  const auto run = serve(toy.cost(), {}, same(1, 100, 10), {});
  ASSERT_TRUE(run.ok());
  EXPECT_NEAR(run->requests[0].ttft().value(), 2e-3, 1e-12);
  EXPECT_NEAR(run->requests[0].tpot()->value(), 1e-3, 1e-12);
  EXPECT_NEAR(run->makespan.value(), 11e-3, 1e-12);
  EXPECT_EQ(run->total.iterations, 10);
}

TEST(Serving, ALeapCostsWhatItsStepsCost) {
  // Context costs time: 1,000 steps in one leap must sum to the arithmetic series.
  const Toy toy{.step = 1e-3, .context_token = 1e-6};
  const auto run = serve(toy.cost(), {}, same(1, 50, 1001), {});
  ASSERT_TRUE(run.ok());
  double expected = 1e-3;  // the prompt's
  for (int i = 0; i < 1000; ++i) expected += 1e-3 + 1e-6 * (50 + i);
  EXPECT_NEAR(run->makespan.value(), expected, 1e-9);
}

TEST(Serving, ChunksShareTheBudgetWithDecoding) {
  const Toy toy{.step = 1e-3};
  // The first decodes beside the second's prompt of 190 tokens: 99 a step, so two steps.
  const std::vector<Request> requests = {{Seconds(0), 10, 20}, {Seconds(2.5e-3), 190, 1}};
  const auto run = serve(toy.cost(), {.token_budget = 100}, requests, {});
  ASSERT_TRUE(run.ok());
  EXPECT_NEAR(run->requests[1].first_token.value(), 5e-3, 1e-12);
  EXPECT_NEAR(run->requests[0].last_token.value(), 20e-3, 1e-12);
}

TEST(Serving, PromptsFirstStallDecoding) {
  const Toy toy{.step = 1e-3, .prompt_token = 1e-5};
  const std::vector<Request> requests = {{Seconds(0), 10, 20}, {Seconds(2.5e-3), 190, 1}};
  const auto run = serve(toy.cost(), {.mixing = roofline::Mixing::prefill_first}, requests, {});
  ASSERT_TRUE(run.ok());
  // 1.1 ms prompt + 2 decode steps, then the other's prompt of 2.9 ms, then 17 decode steps.
  EXPECT_NEAR(run->requests[1].first_token.value(), 3.1e-3 + 2.9e-3, 1e-12);
  EXPECT_NEAR(run->requests[0].last_token.value(), 1.1e-3 + 19e-3 + 2.9e-3, 1e-12);
}

TEST(Serving, WholePromptsWaitForTheBudget) {
  const Toy toy{.step = 1e-3};
  const auto limits = Limits{.mixing = roofline::Mixing::whole_prompts, .token_budget = 100};
  const auto run = serve(toy.cost(), limits, same(3, 60, 1), {});
  ASSERT_TRUE(run.ok());
  EXPECT_NEAR(run->requests[2].first_token.value(), 3e-3, 1e-12);  // one a step: 120 > 100
}

TEST(Serving, AClosedLoopKeepsItsConcurrency) {
  const Toy toy{.step = 1e-3};
  const auto run = serve(toy.cost(), {}, same(10, 5, 4), 2);
  ASSERT_TRUE(run.ok());
  EXPECT_NEAR(run->makespan.value(), 20e-3, 1e-12);  // five pairs of four steps
  EXPECT_NEAR(run->requests[9].arrival.value(), 16e-3, 1e-12);
}

TEST(Serving, AClientIsAwayBetweenItsRequests) {
  const Toy toy{.step = 1e-3};
  const Limits limits{.outside = Seconds(2.5e-3)};
  const auto one = serve(toy.cost(), limits, same(3, 5, 4), 1);
  ASSERT_TRUE(one.ok());
  EXPECT_NEAR(one->makespan.value(), 3 * 4e-3 + 2 * 2.5e-3, 1e-12);
  EXPECT_NEAR(one->idle.value(), 2 * 2.5e-3, 1e-12);
  // The second's next one comes amid an iteration of the first's answer and waits for its end.
  const std::vector<Request> requests = {{{}, 5, 10}, {{}, 5, 2}, {{}, 5, 2}};
  const auto two = serve(toy.cost(), limits, requests, 2);
  ASSERT_TRUE(two.ok());
  EXPECT_NEAR(two->requests[2].arrival.value(), 4.5e-3, 1e-12);
  EXPECT_NEAR(two->requests[2].first_token.value(), 6e-3, 1e-12);
}

TEST(Serving, IdleTimeIsNoStep) {
  const Toy toy{.step = 1e-3};
  const std::vector<Request> requests = {{Seconds(0), 1, 1}, {Seconds(1), 1, 1}};
  const auto run = serve(toy.cost(), {}, requests, {});
  ASSERT_TRUE(run.ok());
  EXPECT_NEAR(run->idle.value(), 0.999, 1e-9);
  EXPECT_NEAR(run->makespan.value(), 1.001, 1e-9);
}

TEST(Serving, AFullCacheTakesFromTheLast) {
  const Toy toy{.step = 1e-3, .prompt_token = 1e-5};
  // Two sequences of 10 + 50 tokens, room for 80: both start, the second is thrown out at 40 each
  // and starts again with its prompt and answer once the first has ended.
  const auto run = serve(toy.cost(), {.kv_tokens = 80}, same(2, 10, 50), {});
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(run->preemptions, 1);
  EXPECT_NEAR(run->requests[0].ttft().value(), run->requests[1].ttft().value(), 1e-12);
  EXPECT_LT(run->requests[0].last_token, run->requests[1].last_token);
  const auto roomy = serve(toy.cost(), {}, same(2, 10, 50), {});
  EXPECT_GT(run->makespan, roomy->makespan);
}

TEST(Serving, RefusesWhatCanNeverBeServed) {
  const Toy toy{.step = 1e-3};
  EXPECT_FALSE(serve(toy.cost(), {}, {}, {}).ok());
  EXPECT_FALSE(serve(toy.cost(), {}, same(1, 0, 5), {}).ok());
  EXPECT_FALSE(serve(toy.cost(), {}, same(1, 5, -1), {}).ok());
  EXPECT_FALSE(serve(toy.cost(), {}, same(1, 5, 5), 0).ok());
  const auto big = serve(toy.cost(), {.kv_tokens = 99}, same(1, 50, 50), {});
  ASSERT_FALSE(big.ok());
  EXPECT_NE(big.error().message.find("100 tokens does not fit in a cache of 99"),
            std::string::npos);
}

TEST(Serving, RoomKeptForAnswersIsNeverTakenAway) {
  const Toy toy{.step = 1e-3};
  // Three of 10 + 10 - 1 tokens fit in 60; let in by their prompts, six would and lose it again.
  Limits limits{.kv_tokens = 60, .reserves_answers = true};
  const auto kept = serve(toy.cost(), limits, same(6, 10, 10), {});
  limits.reserves_answers = false;
  const auto grown = serve(toy.cost(), limits, same(6, 10, 10), {});
  ASSERT_TRUE(kept.ok() && grown.ok());
  EXPECT_EQ(kept->preemptions, 0);
  EXPECT_GT(grown->preemptions, 0);
  EXPECT_NEAR(kept->makespan.value(), 20e-3, 1e-12);  // two lots of ten steps
  EXPECT_NEAR(kept->requests[5].ttft().value(), 11e-3, 1e-12);
}

TEST(Serving, WarmUpIsLeftOut) {
  const Toy toy{.step = 1e-3, .prompt_token = 1e-5};
  const auto run = serve(toy.cost(), {.max_sequences = 1}, same(4, 100, 10), 2);
  ASSERT_TRUE(run.ok());
  const auto all = summarize(*run, 0);
  const auto later = summarize(*run, 2);
  ASSERT_TRUE(all && later);
  EXPECT_LT(all->ttft.mean, later->ttft.mean);  // the very first did not wait
  EXPECT_FALSE(summarize(*run, 4));
}

// One iteration after the other, written as plainly as can be: the leaping engine must agree.
double plain_makespan(const Toy& toy, const Limits& limits, const std::vector<Request>& requests) {
  struct Live {
    double prompt_left, context, output_left;
  };
  std::vector<Live> live;
  double now = 0;
  std::size_t next = 0;
  while (next < requests.size() || !live.empty()) {
    if (live.empty()) now = std::max(now, requests[next].arrival.value());
    double decoding = 0;
    double context = 0;
    for (const Live& one : live)
      if (one.prompt_left == 0) {
        decoding += 1;
        context += one.context;
      }
    double budget = limits.token_budget - decoding;
    double taken = 0;
    std::vector<double> take(live.size(), 0);
    const auto chunk = [&](std::size_t i) {
      take[i] = std::min(live[i].prompt_left, budget);
      budget -= take[i];
      taken += take[i];
    };
    for (std::size_t i = 0; i < live.size(); ++i)
      if (live[i].prompt_left > 0 && budget >= 1) chunk(i);
    while (next < requests.size() && requests[next].arrival.value() <= now && budget >= 1 &&
           static_cast<double>(live.size()) < limits.max_sequences) {
      live.push_back({static_cast<double>(requests[next].prompt), 0,
                      static_cast<double>(requests[next].output)});
      take.push_back(0);
      chunk(live.size() - 1);
      ++next;
    }
    now += toy.seconds(decoding, context, taken);
    for (std::size_t i = 0; i < live.size(); ++i) {
      if (live[i].prompt_left == 0) {
        live[i].output_left -= 1;
        live[i].context += 1;
      } else if (take[i] > 0 && (live[i].prompt_left -= take[i]) == 0) live[i].output_left -= 1;
      if (take[i] > 0) live[i].context += take[i];
    }
    std::erase_if(live,
                  [](const Live& one) { return one.prompt_left == 0 && one.output_left <= 0; });
  }
  return now;
}

TEST(Serving, LeapsAgreeWithSingleSteps) {
  std::mt19937 engine(7);
  const auto pick = [&](int low, int high) {
    return std::uniform_int_distribution(low, high)(engine);
  };
  for (int round = 0; round < 40; ++round) {
    const Toy toy{.step = 1e-3, .sequence = 1e-5, .context_token = 1e-7, .prompt_token = 2e-6};
    const Limits limits{.token_budget = static_cast<double>(pick(16, 400)),
                        .max_sequences = static_cast<double>(pick(1, 12))};
    std::vector<Request> requests;
    double at = 0;
    for (int i = 0; i < 40; ++i) {
      at += pick(0, 60) * 1e-3;
      requests.push_back({Seconds(at), pick(1, 300), pick(1, 80)});
    }
    const auto run = serve(toy.cost(), limits, requests, {});
    ASSERT_TRUE(run.ok());
    EXPECT_NEAR(run->makespan.value(), plain_makespan(toy, limits, requests), 3e-3) << round;
  }
}

TEST(Serving, PromptsWaitForOthersToCome) {
  const Toy toy{.step = 1e-3};
  // The second comes after 4 steps of the first and is held back for 20, the third fills the batch.
  const std::vector<Request> requests = {
      {Seconds(0), 10, 100}, {Seconds(3.5e-3), 10, 1}, {Seconds(40e-3), 60, 1}};
  const Limits limits{.token_budget = 100, .gather_iterations = 20, .gather_tokens = 50};
  const auto run = serve(toy.cost(), limits, requests, {});
  ASSERT_TRUE(run.ok());
  EXPECT_NEAR(run->requests[0].ttft().value(), 1e-3, 1e-12);  // nobody decodes: no use in waiting
  EXPECT_NEAR(run->requests[1].first_token.value(), 25e-3, 1e-12);
  EXPECT_NEAR(run->requests[2].first_token.value(), 41e-3, 1e-12);  // 60 of 50 tokens
}

TEST(Serving, AnEngineThatSeldomLooksLetsRequestsWait) {
  const Toy toy{.step = 1e-3};
  // The first is found at once by an idle engine, which looks again after 10 iterations: the second
  // came after 3 of them. Its prompt's iteration is followed by another look, which finds the
  // third.
  const std::vector<Request> requests = {
      {Seconds(0), 10, 100}, {Seconds(3.5e-3), 10, 1}, {Seconds(11.5e-3), 10, 1}};
  const auto run = serve(toy.cost(), {.polls_every = 10}, requests, {});
  ASSERT_TRUE(run.ok());
  EXPECT_NEAR(run->requests[0].ttft().value(), 1e-3, 1e-12);
  EXPECT_NEAR(run->requests[1].first_token.value(), 12e-3, 1e-12);
  EXPECT_NEAR(run->requests[2].first_token.value(), 13e-3, 1e-12);
}

}  // namespace
}  // namespace assay::plan
