// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/prediction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assay/model/precision.hpp"
#include "assay/plan/deployment.hpp"
#include "assay/plan/steady.hpp"

namespace assay::calibrate {
namespace {

using roofline::StepModel;

constexpr std::uint64_t kSeed = 1;
// AIConfigurator deploys an engine with a token budget of the prompt, the batch and this: so its
// generator for TensorRT-LLM says; of vLLM the first tokens' times do, which are those of one
// prompt an iteration.
double spare_tokens(std::string_view backend) { return backend == "vllm" ? 0 : 1500; }
// InferenceX's batch_wait_timeout_iters and batch_wait_max_tokens_ratio.
constexpr int kGatherIterations = 20;
constexpr double kGatherRatio = 0.9;
constexpr std::size_t kRequestsEach = 10;  // of one client, in InferenceX's runs

plan::Limits limits_of(const plan::Deployment& deployment, const ServingRow& row,
                       const plan::Workload& workload) {
  plan::Limits limits = deployment.limits(workload);
  // Of a client that asks again. Absent for as long as a request takes outside of the engine as
  // well, it would come two iterations late; with that alone in the fit, a system left out is
  // foretold no better and the intervals hold 72 % of its first tokens, not 86.
  limits.joins_late = true;
  limits.outside = {};
  limits.polls_every = row.polls_every;
  if (row.gathers) {
    limits.gather_iterations = kGatherIterations;
    limits.gather_tokens = kGatherRatio * limits.token_budget;
  }
  if (row.capped) {
    const double clients = row.concurrency;
    limits.max_sequences = std::min(limits.max_sequences, clients);
    limits.token_budget =
        std::min(limits.token_budget, row.prompt + spare_tokens(row.backend) + clients);
  }
  return limits;
}

Result<plan::Workload> workload_of(const ServingRow& row) {
  TRY_ASSIGN(const plan::Lengths prompt, plan::Lengths::uniform(row.prompt, row.least));
  TRY_ASSIGN(const plan::Lengths output, plan::Lengths::uniform(row.output, row.least));
  if (row.least < 1) return plan::Workload{prompt, output};
  TRY_ASSIGN(const plan::Lengths all_prompts, plan::Lengths::fixed(row.prompt));
  TRY_ASSIGN(const plan::Lengths all_outputs, plan::Lengths::fixed(row.output));
  return plan::Workload{all_prompts, all_outputs};
}

Result<plan::Deployment> deployed(const Case& what, const roofline::Fits& fits) {
  const ServingRow& row = *what.row;
  TRY_ASSIGN(roofline::EngineProfile engine, fits.engine(row.backend, row.version));
  if (row.cache) engine.cache_follows_weights = false;
  TRY_ASSIGN(const roofline::ChipRoof roof, roofline::chip_roof(*what.chip, fits));
  return plan::Deployment::make(what.model, roof, row.parallel, engine, 1);
}

double joules(const roofline::StepEnergy& energy, double tokens) {
  return tokens > 0 ? energy.total().value() / tokens : 0;
}

// What a run comes to.
struct Figures {
  double ttft_s = 0;
  double tpot_s = 0;
  double joules_per_token = 0;
};

// Of ten requests for each of so many places.
Result<Figures> simulate(const plan::StepCost& cost, const plan::Limits& limits,
                         const ServingRow& row, const plan::Workload& workload, int places) {
  const auto requests =
      plan::draw(workload, kRequestsEach * static_cast<std::size_t>(places), std::nullopt, kSeed);
  TRY_ASSIGN(const plan::Run run, plan::serve(cost, limits, requests, row.concurrency));
  const auto summary = plan::summarize(run, 0);
  Figures out{.ttft_s = summary->ttft.mean.value()};
  if (summary->tpot) out.tpot_s = summary->tpot->mean.value();
  double tokens = 0;
  for (const plan::Served& each : run.requests) tokens += each.output;
  out.joules_per_token = joules(run.total.energy, tokens);
  return out;
}

Figures closed_form(const plan::StepCost& cost, const plan::Limits& limits, const ServingRow& row,
                    const plan::Workload& workload) {
  const plan::Steady steady = plan::closed_loop(cost, limits, workload, row.concurrency);
  return {.ttft_s = steady.ttft.mean.value(),
          .tpot_s = steady.tpot ? steady.tpot->mean.value() : 0};
}

void set(const Figures& found, Prediction& into) {
  into.ttft_s = found.ttft_s;
  into.tpot_s = found.tpot_s;
  into.joules_per_token = found.joules_per_token;
}

// What a figure may be.
struct Middle {
  std::vector<double> values;

  [[nodiscard]] double mean() const {
    double logs = 0;
    for (const double each : values) logs += std::log(each);
    return std::exp(logs / static_cast<double>(values.size()));
  }
  [[nodiscard]] roofline::Spread spread() const {
    const auto [least, most] = std::ranges::minmax(values);
    if (least <= 0) return {};
    return {least / mean(), most / mean()};
  }
};

// A run of which it is known only that the engine had one of these numbers of places: it is as
// likely to be any of them.
Status simulate_all_places(const plan::StepCost& cost, const plan::Limits& limits,
                           const ServingRow& row, const plan::Workload& workload,
                           Prediction& into) {
  Middle ttft;
  Middle tpot;
  Middle energy;
  for (const int places : row.places) {
    plan::Limits held = limits;
    held.max_sequences = std::min<double>(limits.max_sequences, places);
    TRY_ASSIGN(const Figures each, simulate(cost, held, row, workload, places));
    ttft.values.push_back(each.ttft_s);
    tpot.values.push_back(each.tpot_s);
    energy.values.push_back(each.joules_per_token);
  }
  set({ttft.mean(), tpot.mean(), energy.mean()}, into);
  into.unstated = {ttft.spread(), tpot.spread()};
  return {};
}

}  // namespace

Result<Case> resolve(const ServingRow& row, const catalog::Catalog& chips,
                     const ModelSource& models) {
  if (row.refused) return Error{ErrorCode::invalid_argument, *row.refused};
  const catalog::Chip* chip = chips.find(row.system);
  if (chip == nullptr)
    return Error{ErrorCode::not_found,
                 fmt::format("no chip of the catalog is called {}", row.system)};
  TRY_ASSIGN(model::Model model, models(row.model));
  TRY_ASSIGN(model, model::with_precision(std::move(model), row.precision));
  if (row.cache) model.kv = *row.cache;
  return Case{&row, std::move(model), chip};
}

Result<Prediction> predict(const Case& what, const roofline::Fits& fits, Method method) {
  const ServingRow& row = *what.row;
  TRY_ASSIGN(const plan::Deployment deployment, deployed(what, fits));
  const StepModel& model = deployment.step();
  TRY_ASSIGN(const plan::Workload workload, workload_of(row));
  if (deployment.room(workload) < 1)
    return Error{ErrorCode::invalid_argument,
                 fmt::format("it does not fit: weights take {:.1f} GB of each {}",
                             model.memory().weights_per_chip.value() / 1e9, what.chip->id)};
  const plan::Limits limits = limits_of(deployment, row, workload);
  const plan::StepCost cost = deployment.step_cost();
  Prediction out{.provenance = model.provenance(), .spreads = model.spreads()};
  if (!row.places.empty()) {
    TRY(simulate_all_places(cost, limits, row, workload, out));
  } else if (method == Method::simulate) {
    TRY_ASSIGN(const Figures found, simulate(cost, limits, row, workload, row.concurrency));
    set(found, out);
  } else {
    set(closed_form(cost, limits, row, workload), out);
  }
  out.ttft_s += model.engine().per_request().value();
  return out;
}

}  // namespace assay::calibrate
