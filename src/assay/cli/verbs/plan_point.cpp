// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/cli/exit_code.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/paths.hpp"
#include "assay/cli/plan_inputs.hpp"
#include "assay/cli/plan_point.hpp"
#include "assay/cli/verb.hpp"
#include "assay/plan/trace.hpp"

namespace assay::cli {
namespace {

struct Options {
  PlanOptions plan;
  PointSpec spec;
  std::string chip;
  std::string dtype;
  std::string kv;
  std::string trace;
  std::optional<double> token_budget;
  std::optional<double> max_sequences;
};

// What the user's server is started with stands over the engine's own settings, on any chip.
Status set_limits(const Options& options, roofline::Scheduling& scheduling) {
  const auto set = [](std::string_view flag, const std::optional<double>& given, double most,
                      double& into, double& small) -> Status {
    if (!given) return {};
    if (!(*given >= 1 && *given <= most))
      return Error{ErrorCode::invalid_argument,
                   fmt::format("{} {:g} makes no sense; give 1 to {:.0f}", flag, *given, most)};
    into = small = *given;
    return {};
  };
  TRY(set("--token-budget", options.token_budget, 1e7, scheduling.token_budget,
          scheduling.small_token_budget));
  return set("--max-sequences", options.max_sequences, 1e6, scheduling.max_sequences,
             scheduling.small_max_sequences);
}

Status check(const Options& options) {
  const auto wrong = [](std::string message) {
    return Error{ErrorCode::invalid_argument, std::move(message)};
  };
  if (options.chip.empty()) return wrong("--chip is missing; `assay catalog list` names the chips");
  const PointSpec& spec = options.spec;
  if (options.plan.in) TRY(check_positive("--in", *options.plan.in));
  if (options.plan.out) TRY(check_positive("--out", *options.plan.out));
  if (spec.count) TRY(check_positive("--count", *spec.count));
  TRY(check_positive("--tp", spec.parallel.tensor));
  if (spec.concurrency) TRY(check_positive("--concurrency", *spec.concurrency));
  if (spec.rate) TRY(check_positive("--rate", *spec.rate));
  if (spec.concurrency && spec.rate)
    return wrong("--concurrency keeps so many requests under way, --rate lets them come; give one");
  if (!spec.concurrency && !spec.rate && options.trace.empty())
    return wrong("give the load: --concurrency N, --rate R or --trace FILE");
  if (spec.concurrency && !(*spec.concurrency >= 1 && *spec.concurrency <= 1e6))
    return wrong(
        fmt::format("a concurrency of {:g} can't be served; give 1 to 1000000", *spec.concurrency));
  if (spec.rate && !(*spec.rate > 0 && *spec.rate <= 1e6))
    return wrong(
        fmt::format("a rate of {:g} requests a second is not reckoned with; give one over "
                    "0 and at most 1000000",
                    *spec.rate));
  return {};
}

int run(Options options) {
  if (const Status sound = check(options); !sound) return fail(sound.error());
  const auto read = [&]() -> Result<PointInputs> {
    PointInputs in;
    TRY_ASSIGN(model::Model model, named_model(options.plan.model));
    if (const std::string notes = reading_notes(model); !notes.empty()) complain("assay: " + notes);
    TRY_ASSIGN(in.variant, variant(model, options.dtype));
    if (const std::string note = narrower_note(in.variant, options.dtype); !note.empty())
      complain("assay: " + note);
    TRY(with_cache_dtype(in.variant.model, options.kv));
    TRY_ASSIGN(const PlanCatalog catalog, PlanCatalog::load(options.plan.common));
    TRY_ASSIGN(in.chip, catalog.chip(options.chip));
    TRY_ASSIGN(in.engine, catalog.engine(options.plan.engine));
    TRY(set_limits(options, in.engine.scheduling));
    // Who names a type for the cache means it, whatever the engine would choose.
    if (!options.kv.empty()) in.engine.cache_follows_weights = false;
    if (!options.trace.empty()) {
      TRY_ASSIGN(const std::string text, read_file(options.trace));
      TRY_ASSIGN(in.trace, plan::parse_trace(options.trace, text));
    } else {
      TRY_ASSIGN(in.workload, workload(options.plan));
      const std::string warning = context_warning(in.variant.model, *in.workload);
      if (!warning.empty()) complain("assay: " + warning);
    }
    return in;
  };
  const auto inputs = read();
  if (!inputs) return fail(inputs.error());
  const auto point = plan_point(*inputs, options.spec);
  if (!point) return fail(point.error());
  print("{}", options.plan.common.json ? point_json(*point)
                                       : point_view(options.plan.common.style(), *point));
  if (point->misfit) return fail(*point->misfit);
  return kOk;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_plan_options(app, options->plan);
  PointSpec& spec = options->spec;
  app.add_option("--chip", options->chip, "id or alias of the chip")->type_name("CHIP");
  app.add_option("--count", spec.count, "chips in all [as many as one replica takes]");
  app.add_option("--tp", spec.parallel.tensor, "tensor parallel: each matrix cut over so many [1]");
  app.add_option("--pp", spec.parallel.pipeline, "pipeline stages [1]");
  app.add_option("--dp", spec.parallel.data, "copies of attention within a replica [1]");
  app.add_option("--ep", spec.parallel.expert, "groups that experts are spread over [1]");
  app.add_option("--dtype", options->dtype,
                 "weights: bf16, fp16, fp32, fp8, fp4, int8, int4 [the model's own]");
  app.add_option("--kv-dtype", options->kv, "cache: bf16, fp8 or fp4 [the model's own]");
  app.add_option("--token-budget", options->token_budget,
                 "tokens of one iteration, as the server is started with [the engine's own]");
  app.add_option("--max-sequences", options->max_sequences,
                 "requests that run at once in one replica [the engine's own]");
  app.add_option("--concurrency", spec.concurrency, "requests under way at any time");
  app.add_option("--rate", spec.rate, "requests a second, in Poisson's order");
  app.add_option("--trace", options->trace,
                 "CSV of requests to simulate: when, tokens in, tokens out")
      ->type_name("FILE");
  app.add_option("--requests", spec.requests,
                 "simulate so many requests one by one instead of the closed form");
  app.add_option("--seed", spec.seed, "of the simulated requests [1]");
  return [options] { return run(*options); };
}

const VerbRegistration kPlanPoint{
    {.name = "point",
     .order = 10,
     .help = "one configuration at one load: latency, throughput, cost, energy and what bounds it",
     .example = "assay plan point --model llama-3.1-70b --chip h100_sxm --count 4 --tp 4 "
                "--dtype fp8 --concurrency 32 --in 1024 --out 1024 --json",
     .define = define,
     .parent = "plan"}};

}  // namespace
}  // namespace assay::cli
