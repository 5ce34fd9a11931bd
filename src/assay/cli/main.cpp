// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <csignal>
#include <memory>

#include "assay/cli/exit_code.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/verb.hpp"
#include "assay/cli/version.hpp"

namespace {

using namespace assay::cli;

std::string footer(const Verb& verb) {
  return fmt::format("Example:\n  {}\n\nExit codes: 0 ok, 1 failed, 2 usage, 3 nothing to measure",
                     verb.example);
}

// Returns the action of the verb that the command line names.
void define(CLI::App& root, std::unique_ptr<Action>& chosen) {
  for (const Verb& verb : verbs()) {
    CLI::App* app = &root;
    if (!verb.name.empty())
      app = root.add_subcommand(std::string(verb.name), std::string(verb.help));
    app->footer(footer(verb));
    app->final_callback([&chosen, action = verb.define(*app)] {
      if (!chosen) chosen = std::make_unique<Action>(action);
    });
  }
}

int run(int argc, char** argv) {
  CLI::App root{"assay: what share of an AI accelerator does useful work, and what the rest costs"};
  root.set_version_flag("--version", std::string(version_text()));
  root.require_subcommand(0, 1);
  std::unique_ptr<Action> chosen;
  define(root, chosen);
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    return root.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    return fail(
        {assay::ErrorCode::invalid_argument, fmt::format("{}; see `assay --help`", error.what())});
  }
  return (*chosen)();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pager must not cut a recording short
  return finish_output(run(argc, argv));
}
