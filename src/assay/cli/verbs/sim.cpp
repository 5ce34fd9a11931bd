// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "assay/cli/child.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/look.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/signal_relay.hpp"
#include "assay/cli/simulation.hpp"
#include "assay/cli/verb.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {
namespace {

struct Options {
  CommonOptions common;
  DecodeOptions decode;
  Seconds window{1};
  std::vector<std::string> command;
};

int list_scenarios(const CommonOptions& options) {
  const std::vector<BuiltinScenario> scenarios = builtin_scenarios();
  if (options.json) {
    wire::Json list = wire::Json::array();
    for (const BuiltinScenario& scenario : scenarios)
      list.push_back({{"name", scenario.name}, {"description", scenario.description}});
    print("{}\n", wire::line_of({{"schema", "assay.scenarios/1"}, {"scenarios", std::move(list)}}));
    return kOk;
  }
  const Style style = options.style();
  for (const BuiltinScenario& scenario : scenarios)
    print("{}\n{}\n", paint(style, Tone::strong, scenario.name),
          wrap(scenario.description, style.width, 4));
  return kOk;
}

// From the first line on no signal ends this process before its child, so that the simulation's
// folder goes in any case.
int run_inside(const Options& options) {
  const SignalRelay relay;
  const auto simulation =
      Simulation::prepare(options.common.simulated, Simulation::Begin::at_start);
  if (!simulation) return fail(simulation.error());
  auto child = Child::start(options.command, simulation->variables(), -1);
  if (!child) {
    fail(child.error());
    return start_failure_code(child.error());
  }
  SignalRelay::target(child->pid());
  const int code = child->wait();
  SignalRelay::target(0);
  return code;
}

int simulate(const Options& options) {
  if (options.common.simulated.empty()) return list_scenarios(options.common);
  return options.command.empty() ? look(options.common, options.decode, options.window)
                                 : run_inside(options);
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_common_options(app, options->common);
  add_duration(app, "--window", options->window, "how long to measure, at least 100ms [1s]");
  add_decode_options(app, options->decode, true);
  app.add_option("SCENARIO", options->common.simulated,
                 "a scenario's name or TOML file; without one, the names are listed");
  app.add_option("CMD", options->command, "run this with the simulated NVML in place of a driver");
  return [options] { return simulate(*options); };
}

const VerbRegistration kSim{
    {.name = "sim",
     .order = 40,
     .help = "simulated devices: a look at them, or CMD seeing them",
     .example = "assay sim fleet-8 -- nvtop",
     .define = define,
     .no_sim = "sim takes the scenario without --sim: `assay sim SCENARIO`"}};

}  // namespace
}  // namespace assay::cli
