// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/command_line.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "assay/cli/help.hpp"
#include "assay/cli/version.hpp"

namespace assay::cli {
namespace {

// A verb that can't do with `--sim` says why instead of not knowing it; so do those below it.
void explain_sim(CLI::App& app, const std::string& why) {
  if (app.get_option_no_throw("--sim") == nullptr)
    app.add_option_function<std::string>(
           "--sim", [why](const std::string&) { throw CLI::ValidationError(why); })
        ->group("");
  for (CLI::App* below : app.get_subcommands({})) explain_sim(*below, why);
}

std::string why_no_sim(const Verb& verb) {
  if (!verb.no_sim.empty()) return std::string(verb.no_sim);
  return fmt::format("{} measures no device, so there is nothing to simulate", verb.name);
}

}  // namespace

std::unique_ptr<CLI::App> command_line(std::unique_ptr<Action>& chosen) {
  auto root = std::make_unique<CLI::App>(
      "assay: what share of an AI accelerator does useful work, and what the rest costs", "assay");
  root->set_version_flag("--version", std::string(version_text()));
  root->require_subcommand(0, 1);
  for (const Verb& verb : verbs()) {
    CLI::App* app = root.get();
    if (!verb.name.empty())
      app = root->add_subcommand(std::string(verb.name), std::string(verb.help));
    app->footer(help_footer(verb.example));
    app->final_callback([&chosen, action = verb.define(*app)] {
      if (!chosen) chosen = std::make_unique<Action>(action);
    });
    explain_sim(*app, why_no_sim(verb));
  }
  return root;
}

}  // namespace assay::cli
