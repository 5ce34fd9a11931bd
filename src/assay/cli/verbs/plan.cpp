// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <fstream>
#include <memory>
#include <numeric>

#include "assay/cli/exit_code.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/plan_inputs.hpp"
#include "assay/cli/plan_report.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

struct Options {
  PlanOptions plan;
  std::vector<std::string> chips;
  std::vector<std::string> dtypes;
  std::optional<double> rate;
  Seconds ttft{};
  Seconds tpot{};
  std::string at = "p95";
  std::string max_power;
  std::optional<double> max_usd_hour;
  std::optional<int> max_chips;
  std::string svg;
  bool all = false;
  bool why = false;
};

constexpr std::size_t kMostRows = 24;

Error wrong(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

Result<plan::Limit> limits(const Options& options) {
  plan::Limit limit;
  if (options.ttft.value() > 0) limit.ttft = options.ttft;
  if (options.tpot.value() > 0) limit.tpot = options.tpot;
  for (const plan::Statistic each :
       {plan::Statistic::mean, plan::Statistic::p50, plan::Statistic::p95, plan::Statistic::p99})
    if (plan::to_string(each) == options.at) limit.at = each;
  if (!options.max_power.empty()) {
    TRY_ASSIGN(limit.power, parse_power(options.max_power));
  }
  if (options.max_usd_hour) {
    if (!(*options.max_usd_hour > 0))
      return wrong(fmt::format("--max-usd-hour {:g} buys nothing; give an amount over 0",
                               *options.max_usd_hour));
    limit.price = DollarsPerHour(*options.max_usd_hour);
  }
  if (options.max_chips && *options.max_chips < 1)
    return wrong(fmt::format("--max-chips {} leaves none; give 1 or more", *options.max_chips));
  limit.chips = options.max_chips;
  return limit;
}

Result<plan::Demand> demand(const Options& options) {
  if (options.plan.common.price() && options.chips.size() != 1)
    return wrong("--price is what an hour of one chip costs; name that chip with --chips");
  if (options.rate && !(*options.rate > 0 && *options.rate <= 1e6))
    return wrong(
        fmt::format("a rate of {:g} requests a second is not reckoned with; give one over "
                    "0 and at most 1000000",
                    *options.rate));
  TRY_ASSIGN(const plan::Workload asked, workload(options.plan));
  TRY_ASSIGN(const plan::Limit limit, limits(options));
  return plan::Demand{asked, options.rate, limit};
}

// The model's own precision, and narrower ones that chips multiply themselves; or those asked for.
Result<std::vector<plan::Variant>> variants(const Options& options, const model::Model& model) {
  std::vector<plan::Variant> found;
  const bool chosen = !options.dtypes.empty();
  const std::vector<std::string> wanted =
      chosen ? options.dtypes : std::vector<std::string>{"", "fp8", "fp4"};
  for (const std::string& precision : wanted) {
    TRY_ASSIGN(plan::Variant each, variant(model, precision));
    const bool same = !found.empty() && found.front().model.quantization.bits_per_weight ==
                                            each.model.quantization.bits_per_weight;
    if (!chosen && same) continue;
    each.native_only = !chosen && !precision.empty();
    found.push_back(std::move(each));
  }
  return found;
}

void add_decode_share(PlanReport& report, const std::vector<plan::Variant>& tried,
                      const roofline::EngineProfile& engine) {
  const plan::Answer& best = report.found.answers[report.rows.front().answer];
  const auto replica = plan::Deployment::make(tried[best.candidate.variant].model,
                                              report.chips[best.candidate.roof].roof,
                                              best.candidate.parallel, engine, 1);
  if (replica && best.prediction.batch > 0)
    report.decode = replica->decode_share(report.demand.workload, best.prediction.batch);
}

Result<PlanReport> report_of(const Options& options) {
  PlanReport report;
  TRY_ASSIGN(const model::Model model, named_model(options.plan.model));
  TRY_ASSIGN(report.demand, demand(options));
  warn_of_context(model, report.demand.workload);
  TRY_ASSIGN(const PlanCatalog catalog, PlanCatalog::load(options.plan.common));
  TRY_ASSIGN(PlanChips chips, catalog.chips(options.chips));
  TRY_ASSIGN(const roofline::EngineProfile engine, catalog.engine(options.plan.engine));
  TRY_ASSIGN(const std::vector<plan::Variant> tried, variants(options, model));
  report.model = model.name;
  report.engine = engine.name;
  report.in = report.demand.workload.prompt.mean();
  report.out = report.demand.workload.output.mean();
  for (const plan::Variant& each : tried) report.precisions.push_back(each.precision);
  report.chips = std::move(chips.chips);
  report.left_out = std::move(chips.left_out);
  std::vector<roofline::ChipRoof> roofs;
  roofs.reserve(report.chips.size());
  for (const PlannedChip& chip : report.chips) roofs.push_back(chip.roof);
  report.found = plan::search(tried, roofs, engine, report.demand);
  std::vector<std::size_t> shown(report.found.answers.size());
  std::iota(shown.begin(), shown.end(), std::size_t{0});
  if (!options.all) shown = rows_worth_showing(report.found, kMostRows);
  for (const std::size_t row : shown) {
    const plan::Candidate& candidate = report.found.answers[row].candidate;
    report.rows.push_back(
        {row, plan::what_if(tried[candidate.variant].model, roofs[candidate.roof],
                            candidate.parallel, engine, [&](const plan::Deployment& replica) {
                              return plan::tokens_within(replica, report.demand);
                            })});
  }
  if (!report.rows.empty()) add_decode_share(report, tried, engine);
  return report;
}

Status write_svg(const std::string& path, const std::string& svg) {
  std::ofstream file(path, std::ios::binary);
  file << svg;
  file.close();
  if (file) return {};
  return Error{ErrorCode::io,
               fmt::format("can't write {}; does its folder exist and may you write there?", path)};
}

int run(const Options& options) {
  const auto report = report_of(options);
  if (!report) return fail(report.error());
  const Detail detail = options.all                             ? Detail::all
                        : options.why || !options.chips.empty() ? Detail::why
                                                                : Detail::answers;
  const bool none = report->found.answers.empty();
  if (options.plan.common.json) print("{}", plan_json(*report));
  else if (!none || options.all || options.why)
    print("{}", plan_view(options.plan.common.style(), *report, detail));
  if (none) return fail(no_answer(*report));
  if (options.svg.empty()) return kOk;
  const Status written = write_svg(options.svg, plan_svg(*report));
  return written ? kOk : fail(written.error());
}

void add_limits(CLI::App& app, Options& options) {
  app.add_option("--rate", options.rate,
                 "requests a second, in Poisson's order [one replica, fully loaded]");
  add_duration(app, "--ttft", options.ttft, "limit of the time to the first token");
  add_duration(app, "--tpot", options.tpot, "limit of the time of each further token");
  app.add_option("--at", options.at, "what the limits hold for: mean, p50, p95 or p99 [p95]")
      ->check(CLI::IsMember({"mean", "p50", "p95", "p99"}));
  app.add_option("--max-power", options.max_power, "of all chips together, e.g. 10kW")
      ->type_name("POWER");
  app.add_option("--max-usd-hour", options.max_usd_hour, "of all chips together")->type_name("USD");
  app.add_option("--max-chips", options.max_chips, "all replicas together");
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto chosen = std::make_shared<Action>([options] { return run(*options); });
  for (const Verb& verb : verbs_of("plan")) {
    CLI::App* sub = app.add_subcommand(std::string(verb.name), std::string(verb.help));
    sub->footer(fmt::format("Example:\n  {}", verb.example));
    sub->callback([chosen, action = verb.define(*sub)] { *chosen = action; });
  }
  app.require_subcommand(0, 1);
  add_plan_options(app, options->plan);
  app.add_option("--chips", options->chips, "only these, by id or alias [the whole catalog]")
      ->delimiter(',')
      ->type_name("A,B");
  app.add_option("--dtype", options->dtypes,
                 "weights: bf16, fp8, fp4, int8, int4 [the model's own; fp8 and fp4 where the chip "
                 "multiplies them]")
      ->delimiter(',')
      ->type_name("A,B");
  add_limits(app, *options);
  app.add_option("--svg", options->svg, "draw cost against latency into this file")
      ->type_name("FILE");
  app.add_flag("--all", options->all, "every configuration, and why the others are none");
  app.add_flag("--why", options->why, "what is not in the table, and why");
  return [chosen] { return (*chosen)(); };
}

const VerbRegistration kPlan{
    {.name = "plan",
     .order = 55,
     .help = "what serves a model for the least: chips, count, layout, cost, and why",
     .example = "assay plan --model llama-3.1-70b --in 2048 --out 256 --rate 20 --ttft 500ms "
                "--tpot 30ms",
     .define = define}};

}  // namespace
}  // namespace assay::cli
