// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdlib>
#include <memory>

#include "assay/cli/exit_code.hpp"
#include "assay/cli/help.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/style.hpp"
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
  CLI::App root{"assay: what share of an AI accelerator does useful work, and what the rest costs",
                "assay"};
  root.set_version_flag("--version", std::string(version_text()));
  root.require_subcommand(0, 1);
  std::unique_ptr<Action> chosen;
  define(root, chosen);
  try {
    root.parse(argc, argv);
  } catch (const CLI::CallForVersion& version) {
    print("{}\n", version.what());
    return kOk;
  } catch (const CLI::Success&) {
    put(fit_help(root.help(), detect_style(STDOUT_FILENO).width));
    return kOk;
  } catch (const CLI::ParseError& error) {
    return fail(
        {assay::ErrorCode::invalid_argument, fmt::format("{}; see `assay --help`", error.what())});
  }
  // Before a verb they would be the bare program's: silently without effect, `--sim` of all things.
  if (!root.get_subcommands().empty())
    for (const CLI::Option* option : root.get_options())
      if (option->count() > 0)
        return fail({assay::ErrorCode::invalid_argument,
                     fmt::format("{0} stands before the verb, where it has no effect; write `assay "
                                 "{1} {0} ...`",
                                 option->get_name(), root.get_subcommands().front()->get_name())});
  return (*chosen)();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pager must not cut a recording short
  std::signal(SIGXFSZ, SIG_IGN);  // `ulimit -f` is a full disk, not a crash
  // Without the farewells of the driver's library, which take some milliseconds: the kernel takes
  // back all that it held, and what was printed is out.
  std::_Exit(finish_output(run(argc, argv)));
}
