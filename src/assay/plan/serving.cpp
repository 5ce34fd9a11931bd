// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/serving.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "assay/plan/batch.hpp"

namespace assay::plan {
namespace {

using roofline::Mixing;
using roofline::StepShape;
using roofline::StepTime;

// The clock and the clients around a Batch.
class Loop {
 public:
  Loop(const StepCost& cost, const Limits& limits, std::span<const Request> requests,
       std::optional<int> concurrency)
      : cost_(cost),
        batch_(limits, requests),
        requests_(requests),
        concurrency_(concurrency),
        polls_every_(limits.polls_every),
        joins_late_(limits.joins_late && concurrency),
        outside_(limits.outside) {
    ends_.reserve(requests.size());
    run_.requests.resize(requests.size());
  }

  Run run() {
    while (ended_ < requests_.size()) {
      take_arrivals();
      if (batch_.empty() || (!joins_late_ && unpolled_ >= polls_every_)) take_late();
      if (batch_.empty()) {
        const Seconds next = *next_arrival();
        run_.idle += next - now_;
        now_ = next;
        continue;
      }
      run_.preemptions += batch_.make_room();
      const Chunk chunk = batch_.admit();
      if (chunk.tokens > 0) prompt_step(chunk);
      else decode_run();
      if (joins_late_ && unpolled_ >= polls_every_) take_late();
      for (const std::size_t id : batch_.take_ended()) end(id);
    }
    run_.makespan = now_;
    return std::move(run_);
  }

 private:
  // Nothing where it comes after an end that is not known yet, or no more come.
  [[nodiscard]] std::optional<Seconds> next_arrival() const {
    if (arrived_ == requests_.size()) return {};
    if (!concurrency_) return requests_[arrived_].arrival;
    const auto clients = static_cast<std::size_t>(*concurrency_);
    if (arrived_ < clients) return Seconds{};
    if (arrived_ - clients >= ended_) return {};
    return ends_[arrived_ - clients] + outside_;
  }

  void take_arrivals() {
    for (auto next = next_arrival(); next && *next <= now_; next = next_arrival()) {
      Served& served = run_.requests[arrived_];
      served.arrival = *next;
      served.prompt = requests_[arrived_].prompt;
      served.output = requests_[arrived_].output;
      const bool late = (joins_late_ && ended_ > 0) || polls_every_ > 1;
      if (late) late_.push_back(arrived_);
      else batch_.arrive(arrived_);
      ++arrived_;
    }
  }

  void take_late() {
    for (const std::size_t id : late_) batch_.arrive(id);
    late_.clear();
    unpolled_ = 0;
  }

  void charge(const StepShape& shape, double times) {
    const StepTime time = cost_.time(shape);
    run_.total.add(times, time, cost_.energy ? cost_.energy(shape, time) : roofline::StepEnergy{});
    now_ += times * time.total();
    run_.decoded += times * shape.decode_sequences;
    run_.waited += times * batch_.kept_out() * time.total();
    if (shape.prefill_tokens <= 0) run_.decode += times * time.total();
  }

  void prompt_step(const Chunk& chunk) {
    const double decoding = batch_.decoding_beside_prompts();
    StepShape shape{.decode_sequences = decoding,
                    .decode_context = decoding > 0 ? batch_.mean_context() : 0};
    if (decoding > 0) run_.decode += cost_.time(shape).total();
    shape.prefill_tokens = chunk.tokens;
    shape.prefill_context = chunk.context;
    shape.prefill_sequences = chunk.sequences;
    charge(shape, 1);
    unpolled_ = polls_every_;
    for (const std::size_t id : batch_.finish_prompts()) run_.requests[id].first_token = now_;
  }

  // The iterations until something changes: an end, a full cache, an arrival that can be let in.
  void decode_run() {
    const double sequences = batch_.decoding();
    const auto shape = [&](double steps) {
      return StepShape{.decode_sequences = sequences,
                       .decode_context = batch_.mean_context() + (steps - 1) / 2};
    };
    double steps = batch_.gathering() ? 1 : batch_.steps_until_change();
    if (!late_.empty()) steps = std::min(steps, std::max(1.0, polls_every_ - unpolled_));
    const std::optional<Seconds> next = next_arrival();
    if (next && batch_.has_room_for_one_more()) {
      const double gap = (*next - now_).value();
      const double first = cost_.time(shape(1)).total().value();
      const double upper = std::min(steps, std::max(1.0, std::ceil(gap / first)));
      const double middle = cost_.time(shape(upper)).total().value();
      steps = std::min(steps, std::max(1.0, std::ceil(gap / middle)));
    }
    charge(shape(steps), steps);
    unpolled_ += steps;
    batch_.decode(steps);
  }

  void end(std::size_t id) {
    run_.requests[id].last_token = now_;
    ends_.push_back(now_);
    ++ended_;
  }

  const StepCost& cost_;
  Batch batch_;
  std::span<const Request> requests_;
  std::optional<int> concurrency_;
  int polls_every_;
  double unpolled_ = 0;  // iterations since the engine last looked for requests
  bool joins_late_;
  Seconds outside_;
  std::vector<Seconds> ends_;      // of requests, as they come
  std::vector<std::size_t> late_;  // come, and not yet seen by the engine
  Run run_;
  Seconds now_{};
  std::size_t arrived_ = 0;
  std::size_t ended_ = 0;
};

Status check(const Limits& limits, std::span<const Request> requests,
             std::optional<int> concurrency) {
  const auto wrong = [](std::string message) {
    return Error{ErrorCode::invalid_argument, std::move(message)};
  };
  if (requests.empty()) return wrong("there is no request to serve; give at least one");
  if (concurrency && *concurrency < 1)
    return wrong(fmt::format("a concurrency of {} serves nobody; give 1 or more", *concurrency));
  if (!(limits.token_budget >= 1 && limits.max_sequences >= 1 && limits.kv_tokens >= 1))
    return wrong("an engine needs room for at least one sequence and one token");
  for (const Request& request : requests) {
    if (request.prompt < 1 || request.output < 1)
      return wrong(
          fmt::format("a request of {} tokens in and {} out can't be served; give at "
                      "least 1 each",
                      request.prompt, request.output));
    const double tokens = static_cast<double>(request.prompt) + request.output;
    if (tokens > limits.kv_tokens)
      return wrong(
          fmt::format("one request of {:.0f} tokens does not fit in a cache of {:.0f}; "
                      "take more chips or shorter requests",
                      tokens, limits.kv_tokens));
  }
  return {};
}

}  // namespace

std::optional<Seconds> Served::tpot() const {
  if (output < 2) return {};
  return (last_token - first_token) / (output - 1);
}

Result<Run> serve(const StepCost& cost, const Limits& limits, std::span<const Request> requests,
                  std::optional<int> concurrency) {
  TRY(check(limits, requests, concurrency));
  return Loop(cost, limits, requests, concurrency).run();
}

std::optional<RunSummary> summarize(const Run& run, std::size_t warm_up) {
  if (warm_up >= run.requests.size()) return {};
  const std::span<const Served> measured = std::span(run.requests).subspan(warm_up);
  std::vector<double> ttft;
  std::vector<double> tpot;
  std::vector<double> e2e;
  double input = 0;
  double output = 0;
  Seconds from(std::numeric_limits<double>::infinity());
  Seconds until{};
  for (const Served& served : measured) {
    ttft.push_back(served.ttft().value());
    if (const auto each = served.tpot()) tpot.push_back(each->value());
    e2e.push_back(served.e2e().value());
    input += served.prompt;
    output += served.output;
    from = std::min(from, served.arrival);
    until = std::max(until, served.last_token);
  }
  const double span = (until - from).value();
  return RunSummary{*spread_of(std::move(ttft)),
                    spread_of(std::move(tpot)),
                    *spread_of(std::move(e2e)),
                    output / span,
                    input / span,
                    static_cast<double>(measured.size()) / span};
}

}  // namespace assay::plan
