// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/deployment.hpp"

#include <algorithm>
#include <cmath>

#include "assay/roofline/speed_of_light.hpp"

namespace assay::plan {
namespace {

using roofline::Resource;
using roofline::StepShape;

TimeShare shares(const roofline::StepTime& time) {
  const Seconds all = time.total();
  return {time.weights / all, time.kv / all, time.compute / all, time.collective / all,
          time.overhead / all};
}

EnergyShare shares(const roofline::StepEnergy& energy) {
  const Joules all = energy.total();
  if (all.value() <= 0) return {};
  return {energy.moving_data / all, energy.arithmetic / all, energy.standing / all};
}

MeanLengths means(const Workload& workload) {
  return {workload.prompt.mean(), workload.output.mean()};
}

// Nothing measured is under `floor`, which no engine can beat.
Interval around(double value, const roofline::Spread& spread, double floor) {
  return {std::max(value * spread.lo, std::min(value, floor)), value * spread.hi};
}

}  // namespace

Result<Deployment> Deployment::make(const model::Model& model, const roofline::ChipRoof& roof,
                                    roofline::Parallel parallel,
                                    const roofline::EngineProfile& engine, int replicas) {
  TRY_ASSIGN(roofline::StepModel step, roofline::StepModel::make(model, roof, parallel, engine));
  TRY_ASSIGN(roofline::StepModel light, roofline::speed_of_light(model, roof, parallel, engine));
  Deployment out(std::move(step), std::move(light), replicas);
  if (roof.rental) out.price_ = static_cast<double>(out.chips()) * *roof.rental;
  out.knows_power_ = roof.tdp.value() > 0;
  return out;
}

double Deployment::room(const Workload& workload) const {
  if (!step_.memory().fits()) return 0;
  const double whole = workload.prompt.mean() + workload.output.mean();
  const double of_one = step_.memory().room_for_kv / step_.kv_bytes(whole);
  return of_one < 1 ? of_one : most_admitted(limits(workload), workload);
}

Limits Deployment::limits(const Workload& workload) const {
  const roofline::Scheduling& scheduling = step_.engine().scheduling;
  const roofline::Parallel& parallel = step_.parallel();
  // Each copy of attention and each stage's batch has a scheduler of its own.
  const double copies = static_cast<double>(parallel.data) * parallel.pipeline;
  // Windows and fixed states make the cache of a token depend on the context; take the typical one.
  const double typical = workload.prompt.mean() + workload.output.mean() / 2;
  return {.mixing = scheduling.mixing,
          .token_budget = scheduling.token_budget * copies,
          .max_sequences = scheduling.max_sequences * copies,
          .kv_tokens = step_.memory().room_for_kv / step_.kv_bytes(typical) * typical,
          .reserves_answers = scheduling.reserves_answers,
          .outside = step_.engine().per_request()};
}

// Fewer prompts than copies of attention, or than batches in the pipeline, leave some without: a
// step lasts as long as its busiest, and in a pipeline the others stand behind it.
StepShape Deployment::of_busiest_copy(const StepShape& shape) const {
  const double copies = static_cast<double>(step_.parallel().data) * step_.parallel().pipeline;
  if (copies <= 1 || shape.prefill_sequences >= copies || shape.prefill_tokens <= 0) return shape;
  StepShape out = shape;
  out.prefill_tokens *= copies / shape.prefill_sequences;
  out.prefill_sequences = copies;
  return out;
}

StepCost Deployment::step_cost() const {
  StepCost cost;
  cost.time = [this](const StepShape& shape) { return step_.step(of_busiest_copy(shape)); };
  if (knows_power_)
    cost.energy = [this](const StepShape& shape, const roofline::StepTime& time) {
      return step_.energy(shape, time);
    };
  return cost;
}

double Deployment::working(double concurrency) const {
  return std::min<double>(replicas_, std::max(1.0, concurrency));
}

Prediction Deployment::predict(const MeanLengths& lengths, const Steady& steady,
                               double working) const {
  const Seconds before = step_.engine().per_request();
  Prediction out;
  out.concurrency =
      working * (steady.admitted + steady.waiting + steady.requests_per_second * before.value());
  out.ttft = shifted(steady.ttft, before);
  out.e2e = shifted(steady.e2e, before);
  out.tpot = steady.tpot;
  const Seconds first =
      light_.step({.prefill_tokens = lengths.prompt, .prefill_sequences = 1}).total();
  const Seconds next = light_
                           .step({.decode_sequences = steady.decoding,
                                  .decode_context = lengths.prompt + lengths.output / 2})
                           .total();
  const roofline::Spreads& spreads = step_.spreads();
  out.ttft_interval = around(out.ttft.mean.value(), spreads.ttft, first.value());
  if (out.tpot) out.tpot_interval = around(out.tpot->mean.value(), spreads.tpot, next.value());
  out.requests_per_second = working * steady.requests_per_second;
  out.input_tokens_per_second = out.requests_per_second * lengths.prompt;
  out.output_tokens_per_second = out.requests_per_second * lengths.output;
  out.batch = steady.decoding;
  out.waiting = working * steady.waiting;
  out.time_share = shares(steady.time);
  out.bottleneck =
      steady.waiting > 0.01 * steady.admitted ? Resource::capacity : steady.time.bottleneck();
  out.provenance = step_.provenance();
  out.price = price_;
  if (price_) {
    out.cost = token_price(
        *price_, {out.input_tokens_per_second, out.output_tokens_per_second, steady.decode_share});
    const double cost = out.cost->output_all.value();
    const double floor = out.tpot ? next / out.tpot->mean * cost : 0;
    out.cost_interval = around(cost, spreads.tpot, floor);
  }
  if (knows_power_) {
    // Boards stand by between requests too; the rest is spent only while an iteration runs.
    const roofline::StepEnergy& energy = steady.energy;
    const Joules spent = energy.moving_data + energy.arithmetic;
    const Joules standing = replicas_ / working * energy.standing;
    const Seconds step = steady.time.total();
    const Watts power = working * (steady.busy * (spent / step) + standing / step);
    out.power = power;
    out.per_token = power * Seconds(1) / out.output_tokens_per_second;
    out.energy_share =
        shares({steady.busy * energy.moving_data, steady.busy * energy.arithmetic, standing});
  }
  return out;
}

Prediction Deployment::at_concurrency(const Workload& workload, double concurrency) const {
  const double busy = working(concurrency);
  const double each = std::max(1.0, concurrency / busy);
  return predict(means(workload), closed_loop(step_cost(), limits(workload), workload, each), busy);
}

double Deployment::most_rate(const Workload& workload) const {
  return replicas_ * saturated_rate(step_cost(), limits(workload), workload);
}

std::optional<Prediction> Deployment::at_rate(const Workload& workload, double rate) const {
  const std::optional<Steady> open =
      open_loop(step_cost(), limits(workload), workload, rate / replicas_);
  if (!open) return {};
  return predict(means(workload), *open, replicas_);
}

TimeShare Deployment::decode_share(const Workload& workload, double sequences) const {
  const double context = workload.prompt.mean() + workload.output.mean() / 2;
  return shares(step_.step({.decode_sequences = sequences, .decode_context = context}));
}

std::optional<Prediction> Deployment::of_run(const Run& run, std::size_t warm_up,
                                             double working) const {
  const std::optional<RunSummary> summary = summarize(run, warm_up);
  if (!summary) return {};
  const double seconds = run.makespan.value();
  StepTotal mean;
  mean.add(1 / run.total.iterations, run.total.time, run.total.energy);
  Steady steady;
  steady.ttft = summary->ttft;
  steady.tpot = summary->tpot;
  steady.e2e = summary->e2e;
  steady.requests_per_second = summary->requests_per_second;
  steady.output_tokens_per_second = summary->output_tokens_per_second;
  steady.busy = run.total.seconds() / seconds;
  steady.decoding = run.decoded / run.total.iterations;
  steady.waiting = run.waited.value() / seconds;
  steady.admitted =
      std::max(0.0, summary->requests_per_second * summary->e2e.mean.value() - steady.waiting);
  steady.decode_share = run.decode.value() / run.total.seconds();
  steady.time = mean.time;
  steady.energy = mean.energy;
  const MeanLengths lengths{summary->input_tokens_per_second / summary->requests_per_second,
                            summary->output_tokens_per_second / summary->requests_per_second};
  return predict(lengths, steady, working);
}

}  // namespace assay::plan
