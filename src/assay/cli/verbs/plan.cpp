// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/cli/exit_code.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/output_file.hpp"
#include "assay/cli/plan_request.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

struct Options {
  PlanRequest request;
  std::string svg;
  bool force = false;
  bool why = false;
};

Status write_svg(const Options& options, const std::string& svg) {
  TRY_ASSIGN(OutputFile file, OutputFile::open(options.svg, options.force));
  file.write(svg);
  return file.close();
}

int run(const Options& options) {
  const PlanRequest& asked = options.request;
  if (const Status free = check_room(options.svg, options.force); !free) return fail(free.error());
  const auto report = plan_report(asked);
  if (!report) return fail(report.error());
  for (const std::string& note : {report->notes, report->warning})
    if (!note.empty()) complain("assay: " + note);
  const Detail detail = asked.all                             ? Detail::all
                        : options.why || !asked.chips.empty() ? Detail::why
                                                              : Detail::answers;
  const bool none = report->found.answers.empty();
  if (asked.plan.common.json) print("{}", plan_json(*report));
  else if (!none || asked.all || options.why)
    print("{}", plan_view(asked.plan.common.style(), *report, detail));
  if (none) return fail(no_answer(*report));
  if (options.svg.empty()) return kOk;
  const Status written = write_svg(options, plan_svg(*report));
  return written ? kOk : fail(written.error());
}

void add_limits(CLI::App& app, Options& options) {
  app.add_option("--rate", options.request.rate,
                 "requests a second, in Poisson's order [one replica, fully loaded]");
  add_duration(app, "--ttft", options.request.ttft, "limit of the time to the first token");
  add_duration(app, "--tpot", options.request.tpot, "limit of the time of each further token");
  app.add_option("--at", options.request.at,
                 "what the limits hold for: mean, p50, p95 or p99 [p95]")
      ->check(CLI::IsMember({"mean", "p50", "p95", "p99"}));
  app.add_option("--max-power", options.request.max_power, "of all chips together, e.g. 10kW")
      ->type_name("POWER");
  app.add_option("--max-usd-hour", options.request.max_usd_hour, "of all chips together")
      ->type_name("USD");
  app.add_option("--max-chips", options.request.max_chips, "all replicas together");
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
  add_plan_options(app, options->request.plan);
  app.add_option("--chips", options->request.chips,
                 "only these, by id or alias [the whole catalog]")
      ->delimiter(',')
      ->type_name("A,B");
  app.add_option("--dtype", options->request.dtypes,
                 "weights: bf16, fp8, fp4, int8, int4 [the model's own; fp8 and fp4 where the chip "
                 "multiplies them]")
      ->delimiter(',')
      ->type_name("A,B");
  add_limits(app, *options);
  app.add_option("--svg", options->svg, "draw cost against latency into this file")
      ->type_name("FILE");
  app.add_flag("--force", options->force, "overwrite the file of --svg if it exists");
  app.add_flag("--all", options->request.all, "every configuration, and why the others are none");
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
