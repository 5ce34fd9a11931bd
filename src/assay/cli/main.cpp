// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdlib>
#include <memory>

#include "assay/cli/command_line.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/help.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/style.hpp"
#include "assay/cli/verb.hpp"

namespace {

using namespace assay::cli;

// Options before the verb are the verb's own, where it knows them: none is silently forgotten.
void hand_over(const CLI::App& root) {
  if (root.get_subcommands().empty()) return;
  CLI::App* verb = root.get_subcommands().front();
  while (!verb->get_subcommands().empty()) verb = verb->get_subcommands().front();
  for (const CLI::Option* given : root.get_options()) {
    if (given->count() == 0) continue;
    CLI::Option* own = verb->get_option_no_throw(given->get_name());
    if (own == nullptr)
      throw CLI::ValidationError(fmt::format("{} stands before the verb, and {} has no such option",
                                             given->get_name(), verb->get_name()));
    if (own->count() > 0)
      throw CLI::ValidationError(
          fmt::format("{} stands both before and after {}", given->get_name(), verb->get_name()));
    for (const std::string& value : given->results()) own->add_result(value);
    own->run_callback();
  }
}

int run(int argc, char** argv) {
  std::unique_ptr<Action> chosen;
  const std::unique_ptr<CLI::App> root = command_line(chosen);
  try {
    root->parse(argc, argv);
    hand_over(*root);
  } catch (const CLI::CallForVersion& version) {
    print("{}\n", version.what());
    return kOk;
  } catch (const CLI::Success&) {
    put(fit_help(root->help(), detect_style(STDOUT_FILENO).width));
    return kOk;
  } catch (const CLI::ParseError& error) {
    return fail(
        {assay::ErrorCode::invalid_argument, fmt::format("{}; see `assay --help`", error.what())});
  }
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
