// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/plan_point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assay/cli/plan_report.hpp"
#include "assay/format/format.hpp"
#include "assay/plan/fit_advice.hpp"

namespace assay::cli {

using format::quantity;

namespace {

Error wrong(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

constexpr int kMostChips = 1'000'000;

Result<int> replicas_of(const PointSpec& spec) {
  const roofline::Parallel& parallel = spec.parallel;
  for (const auto& [flag, value] :
       {std::pair("--tp", parallel.tensor), std::pair("--pp", parallel.pipeline),
        std::pair("--dp", parallel.data), std::pair("--ep", parallel.expert)})
    if (value < 1 || value > 1024)
      return wrong(fmt::format("{} {} makes no sense; give 1 to 1024", flag, value));
  const int each = parallel.chips();
  const int count = spec.count.value_or(each);
  if (count > kMostChips)
    return wrong(fmt::format("--count {} is beyond what is reckoned with; give at most {}", count,
                             kMostChips));
  if (count < each || count % each != 0)
    return wrong(
        fmt::format("--count {} is no multiple of the {} chips that tp {} x pp {} x dp {} "
                    "take; change one of them",
                    count, each, parallel.tensor, parallel.pipeline, parallel.data));
  return count / each;
}

// A trace stands for requests of its mean lengths where one length must do.
Result<plan::Workload> typical(const PointInputs& inputs) {
  if (inputs.workload) return *inputs.workload;
  double prompt = 0;
  double output = 0;
  for (const plan::Request& request : inputs.trace) {
    prompt += request.prompt;
    output += request.output;
  }
  const auto count = static_cast<double>(inputs.trace.size());
  TRY_ASSIGN(const plan::Lengths in, plan::Lengths::fixed(prompt / count));
  TRY_ASSIGN(const plan::Lengths out, plan::Lengths::fixed(output / count));
  return plan::Workload{in, out};
}

std::string in_short(const roofline::Parallel& parallel) {
  return fmt::format("{} ({})", parallel.chips(), layout_text(parallel));
}

Error misfit_of(const PointInputs& inputs, const plan::Deployment& replica,
                const plan::Workload& workload) {
  const Bytes missing = plan::missing_per_chip(replica, workload);
  if (missing.value() <= 0)
    return {ErrorCode::not_supported,
            fmt::format("{} in {} fits on {} x {}, but not requests whose lengths spread so far: "
                        "those under way are mostly the longest, and the cache holds {:.0f} "
                        "tokens; narrow --lengths or take more chips",
                        inputs.variant.model.name,
                        precision_on(inputs.chip.roof, inputs.variant.precision),
                        replica.step().parallel().chips(), inputs.chip.id,
                        replica.step().memory().kv_tokens)};
  std::string advice;
  const auto least =
      plan::least_that_fits(inputs.variant.model, inputs.chip.roof, inputs.engine, workload);
  if (least) advice = "it fits on " + in_short(*least);
  for (const std::string precision : {"fp8", "int4"}) {
    const auto narrower = variant(inputs.variant.model, precision);
    if (!narrower) continue;
    const auto fewer =
        plan::least_that_fits(narrower->model, inputs.chip.roof, inputs.engine, workload);
    if (!fewer || (least && fewer->chips() >= least->chips())) continue;
    advice += fmt::format("{}in {} on {}", advice.empty() ? "it fits " : ", ", precision,
                          in_short(*fewer));
  }
  if (advice.empty()) advice = "no layout of these chips holds it; take a chip with more memory";
  return {ErrorCode::not_supported,
          fmt::format(
              "{} in {} with one request of {:.0f} tokens does not fit on {} x {}: {} more a "
              "chip are needed; {}",
              inputs.variant.model.name, precision_on(inputs.chip.roof, inputs.variant.precision),
              workload.prompt.mean() + workload.output.mean(), replica.step().parallel().chips(),
              inputs.chip.id, quantity(metric::Unit::bytes, missing.value()), advice)};
}

std::string load_text(const PointInputs& inputs, const PointSpec& spec) {
  if (spec.concurrency) {
    // Answers of one length end together, and so the next ones start together.
    const bool in_step =
        *spec.concurrency > 1 && inputs.workload && inputs.workload->output.spread() == 0;
    return fmt::format("{:g} at a time{}", *spec.concurrency, in_step ? " in step" : "");
  }
  if (spec.rate) return fmt::format("{:g} requests/s", *spec.rate);
  return fmt::format("a trace of {} requests", inputs.trace.size());
}

// One replica's share of the requests, one by one.
Result<plan::Prediction> simulate(const plan::Deployment& deployment, const PointInputs& inputs,
                                  const PointSpec& spec, const plan::Workload& workload) {
  const int replicas = deployment.replicas();
  double working = replicas;
  std::optional<int> concurrency;
  if (spec.concurrency) {
    working = deployment.working(*spec.concurrency);
    concurrency = std::max(1, static_cast<int>(std::lround(*spec.concurrency / working)));
  }
  std::vector<plan::Request> requests;
  std::size_t warm_up = 0;
  if (inputs.trace.empty()) {
    const int count = spec.requests.value_or(1000);
    if (count < 1 || count > 1'000'000)
      return wrong(fmt::format("--requests {} makes no sense; give 1 to 1000000", count));
    std::optional<double> rate;
    if (spec.rate) rate = *spec.rate / replicas;
    requests = plan::draw(workload, static_cast<std::size_t>(count), rate, spec.seed);
    // Two rounds of every client, but never more than half of the requests.
    const int rounds = concurrency ? 2 * *concurrency : count / 10;
    warm_up = static_cast<std::size_t>(std::min(rounds, count / 2));
  } else {
    for (std::size_t i = 0; i < inputs.trace.size(); i += static_cast<std::size_t>(replicas))
      requests.push_back(inputs.trace[i]);
  }
  const plan::StepCost cost = deployment.step_cost();
  TRY_ASSIGN(const plan::Run run,
             plan::serve(cost, deployment.limits(workload), requests, concurrency));
  const auto prediction = deployment.of_run(run, warm_up, working);
  if (!prediction) return wrong("no request is left to measure; simulate more of them");
  return *prediction;
}

// The most that the closed form answers for.
double rate_that_holds(const plan::Deployment& deployment, const plan::Workload& workload) {
  constexpr int kHalvings = 10;  // to 0.1 %
  double most = deployment.most_rate(workload);
  double low = 0;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + most) / 2;
    (deployment.at_rate(workload, middle) ? low : most) = middle;
  }
  return low;
}

Result<plan::Prediction> predict(const plan::Deployment& deployment, const PointInputs& inputs,
                                 const PointSpec& spec, const plan::Workload& workload) {
  if (spec.requests || !inputs.trace.empty()) return simulate(deployment, inputs, spec, workload);
  if (spec.concurrency) return deployment.at_concurrency(workload, *spec.concurrency);
  if (const auto found = deployment.at_rate(workload, *spec.rate)) return *found;
  return Error{
      ErrorCode::not_supported,
      fmt::format("{:g} requests/s are beyond {} x {}: {:.3g}/s is all that it holds for sure; "
                  "lower --rate, raise --count or see what --requests 20000 come to",
                  *spec.rate, deployment.chips(), inputs.chip.id,
                  rate_that_holds(deployment, workload))};
}

}  // namespace

Status with_cache_dtype(model::Model& model, const std::string& word) {
  if (word.empty()) return {};
  for (const Dtype dtype : {Dtype::bf16, Dtype::fp16, Dtype::fp8, Dtype::int8, Dtype::fp4})
    if (to_string(dtype) == word) {
      model.kv = dtype;
      return {};
    }
  return wrong(
      fmt::format("no engine keeps its cache in {}; give bf16, fp16, fp8, int8 or fp4", word));
}

std::vector<Point::Held> held(const Point& point) {
  const roofline::Placement& placed = point.memory.per_chip;
  const std::vector<Bytes> cache = placed.cache_in(point.cache_per_chip);
  std::vector<Point::Held> out;
  for (std::size_t i = 0; i < placed.tiers().size(); ++i) {
    const roofline::Placement::Tier& tier = placed.tiers()[i];
    out.push_back({tier.technology, tier.capacity, tier.bandwidth, tier.weights, cache[i]});
  }
  return out;
}

Result<Point> plan_point(const PointInputs& inputs, const PointSpec& spec) {
  TRY_ASSIGN(const int replicas, replicas_of(spec));
  TRY_ASSIGN(const plan::Workload workload, typical(inputs));
  const model::Model& model = inputs.variant.model;
  const auto made =
      plan::Deployment::make(model, inputs.chip.roof, spec.parallel, inputs.engine, replicas);
  if (!made) return made.error();
  Point point{.model = model.name,
              .notes = reading_notes(model),
              .precision = precision_on(inputs.chip.roof, inputs.variant.precision),
              .chip = inputs.chip,
              .engine = inputs.engine.name,
              .parallel = spec.parallel,
              .replicas = replicas,
              .in = workload.prompt.mean(),
              .out = workload.output.mean(),
              .load = load_text(inputs, spec),
              .simulated = spec.requests.has_value() || !inputs.trace.empty(),
              .weights = Bytes(model::weight_bytes(roofline::as_served(model, inputs.engine))),
              .memory = made->step().memory()};
  if (made->room(workload) < 1) {
    point.misfit = misfit_of(inputs, *made, workload);
    return point;
  }
  TRY_ASSIGN(point.prediction, predict(*made, inputs, spec, workload));
  if (const double held = made->most_rate(workload); spec.rate && *spec.rate > 0.9 * held)
    point.load += fmt::format(", {:.0f} % of what it holds for sure", 100 * *spec.rate / held);
  point.cache_per_chip =
      made->step().kv_bytes_per_chip(point.prediction->batch, point.in + point.out / 2);
  // Always by the closed form at the same load a replica: a tenth more must not drown in chance.
  const double each = std::max(1.0, point.prediction->concurrency / replicas);
  point.what_if =
      plan::what_if(model, inputs.chip.roof, spec.parallel, inputs.engine,
                    [&](const plan::Deployment& one) -> std::optional<double> {
                      if (one.room(workload) < 1) return {};
                      return one.at_concurrency(workload, each).output_tokens_per_second;
                    });
  return point;
}

}  // namespace assay::cli
