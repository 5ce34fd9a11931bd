// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <vector>

#include "assay/plan/serving.hpp"
#include "assay/plan/steady.hpp"
#include "assay/plan/step_cost.hpp"
#include "assay/plan/workload.hpp"

namespace assay::plan {

// An engine whose iterations cost what a test can work out by hand: a floor, so much a sequence, a
// token of context and a prompt token.
struct Toy {
  double step = 0;
  double sequence = 0;
  double context_token = 0;
  double prompt_token = 0;

  [[nodiscard]] double seconds(double sequences, double context_sum, double prompt_tokens) const {
    return step + sequence * sequences + context_token * context_sum + prompt_token * prompt_tokens;
  }
  [[nodiscard]] StepCost cost() const {
    return {
        .time =
            [toy = *this](const roofline::StepShape& shape) {
              return roofline::StepTime{
                  .weights = Seconds(toy.step),
                  .kv = Seconds(toy.context_token * shape.decode_sequences * shape.decode_context),
                  .compute = Seconds(toy.prompt_token * shape.prefill_tokens +
                                     toy.sequence * shape.decode_sequences)};
            },
        .energy = {}};
  }
};

// One whose reading of weights and arithmetic overlap, as on a chip: the longer of the two counts.
struct RoofToy {
  double weights = 0;        // reading them once
  double context_token = 0;  // reading one token of the cache
  double token = 0;          // arithmetic of one token
  double sequence = 0;
  double step = 0;

  [[nodiscard]] StepCost cost() const {
    return {.time =
                [toy = *this](const roofline::StepShape& shape) {
                  const double tokens = shape.prefill_tokens + shape.decode_sequences;
                  const double compute = tokens * toy.token;
                  roofline::StepTime time;
                  if (compute > toy.weights) time.compute = Seconds(compute);
                  else time.weights = Seconds(toy.weights);
                  time.kv =
                      Seconds(toy.context_token * shape.decode_sequences * shape.decode_context);
                  time.overhead = Seconds(toy.step + toy.sequence * shape.decode_sequences);
                  return time;
                },
            .energy = {}};
  }
};

// Requests a second that an engine ends while all of them wait for it from the start; 0: it can't
// hold one of them.
inline double ended_while_full(const StepCost& cost, const Limits& limits, const Workload& asked) {
  const double places = most_admitted(limits, asked);
  std::vector<Request> requests =
      draw(asked, static_cast<std::size_t>(800 + 20 * places), std::nullopt, 3);
  const auto run = serve(cost, limits, requests, std::nullopt);
  if (!run.ok()) return 0;
  std::vector<Seconds> ends;
  for (const Served& each : run->requests) ends.push_back(each.last_token);
  std::ranges::sort(ends);
  const std::size_t from = ends.size() / 4;
  const std::size_t until = ends.size() * 3 / 4;
  return static_cast<double>(until - from) / (ends[until] - ends[from]).value();
}

}  // namespace assay::plan
