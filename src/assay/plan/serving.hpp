// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/plan/request.hpp"
#include "assay/plan/statistics.hpp"
#include "assay/plan/step_cost.hpp"
#include "assay/roofline/engine_profile.hpp"

// A serving engine at the level of requests: continuous batching with prompts chunked, whole or
// first, a token budget, a limit on sequences, and a cache that overflows into preemption.
namespace assay::plan {

// What bounds one engine.
struct Limits {
  roofline::Mixing mixing = roofline::Mixing::chunked;
  double token_budget = 8192;   // of one iteration
  double max_sequences = 1024;  // admitted at once
  double kv_tokens = 1e18;      // that the cache holds
  // Room is kept for the whole answer of who is let in.
  bool reserves_answers = false;
  // Prompts wait until they and the running sequences come to `gather_tokens`, or for so many
  // iterations (TensorRT-LLM's batch_wait_max_tokens_ratio and batch_wait_timeout_iters).
  int gather_iterations = 0;
  double gather_tokens = 0;
  // The engine looks for new requests once in so many iterations of decoding, and after each with a
  // prompt (SGLang's scheduler_recv_interval).
  int polls_every = 1;
  // A client that asks again as an iteration ends misses the next one, which is planned ahead
  // (closed loops, after the first requests of all).
  bool joins_late = false;
  // Of each request in a closed loop, from one's answer to the next one's arrival in the engine.
  Seconds outside{};
};

// Times since the first arrival of the run.
struct Served {
  Seconds arrival{};
  Seconds first_token{};  // when the step that yields it ends
  Seconds last_token{};
  int prompt = 0;
  int output = 0;

  [[nodiscard]] Seconds ttft() const { return first_token - arrival; }
  [[nodiscard]] Seconds e2e() const { return last_token - arrival; }
  // Mean time between its tokens; nothing for an answer of one.
  [[nodiscard]] std::optional<Seconds> tpot() const;
};

struct Run {
  std::vector<Served> requests;  // in the order of the input
  Seconds makespan{};            // until the last token
  Seconds idle{};                // of which no request was there
  StepTotal total;               // of all iterations; its seconds are makespan - idle
  Seconds decode{};              // that the iterations would have taken without their prompts
  double decoded = 0;            // sequences that decoded, summed over iterations
  Seconds waited{};              // by requests for room, summed over requests
  double preemptions = 0;        // times a sequence lost its cache and had to be computed again
};

// Serves all requests for `concurrency` clients that ask again as soon as they are answered (a
// closed loop), or each at its arrival where there is none. A running sequence that finds the cache
// full takes it from the one admitted last, whose prompt and answer so far are computed again when
// there is room. Runs of iterations in which only contexts grow are taken in one leap, at the cost
// of the middle one: exact where cost is linear in context. Requests sorted by arrival. Error:
// invalid_argument where there is no request or one that the cache could never hold (says which),
// or a limit is below 1.
Result<Run> serve(const StepCost& cost, const Limits& limits, std::span<const Request> requests,
                  std::optional<int> concurrency);

// Figures of the requests after the first `warm_up`; nothing where none is left.
struct RunSummary {
  Spread ttft;
  std::optional<Spread> tpot;  // nothing where all answers are one token
  Spread e2e;
  double output_tokens_per_second = 0;
  double input_tokens_per_second = 0;
  double requests_per_second = 0;
};
std::optional<RunSummary> summarize(const Run& run, std::size_t warm_up);

}  // namespace assay::plan
