// SPDX-License-Identifier: Apache-2.0
// For scripts/man-pages.sh: the manual pages' part that the command line itself defines.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "assay/cli/command_line.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/man_page.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

int print_page(const std::string& page) {
  std::unique_ptr<Action> nothing;
  const CommandSpec root = describe(*command_line(nothing));
  if (page.empty()) {
    put("assay\n");
    for (const CommandSpec& verb : root.commands) put(fmt::format("assay-{}\n", verb.name));
    return kOk;
  }
  if (page == "assay") {
    put(man_page(root));
    return kOk;
  }
  const auto verb = std::ranges::find_if(
      root.commands, [&](const CommandSpec& each) { return page == "assay-" + each.name; });
  if (verb == root.commands.end())
    return fail({ErrorCode::invalid_argument,
                 fmt::format("there is no page {}; `assay manual` lists them", page)});
  put(man_page(root, *verb));
  return kOk;
}

// The words of an example from "assay" on, as the parser takes them.
std::string words_of(std::string example) {
  example.erase(0, example.find("assay"));
  if (!example.empty() && example.back() == ')') example.pop_back();  // source <(assay ...)
  return example;
}

// Would each verb take its own example? Nothing is run.
int check_examples(const CommandSpec& command) {
  int code = kOk;
  try {
    std::unique_ptr<Action> nothing;
    command_line(nothing)->parse(words_of(command.example), true);
  } catch (const CLI::Error& error) {
    code = fail({ErrorCode::internal,
                 fmt::format("the example `{}` is refused: {}", command.example, error.what())});
  }
  for (const CommandSpec& below : command.commands)
    if (const int worse = check_examples(below); worse != kOk) code = worse;
  return code;
}

int check_all() {
  std::unique_ptr<Action> nothing;
  return check_examples(describe(*command_line(nothing)));
}

Action define(CLI::App& app) {
  auto page = std::make_shared<std::string>();
  auto check = std::make_shared<bool>(false);
  app.add_flag("--check-examples", *check, "does each verb take its own example?");
  app.group("");  // for the build, not for people
  app.add_option("PAGE", *page, "assay-record, say; without one, the names are listed");
  return [page, check] { return *check ? check_all() : print_page(*page); };
}

const VerbRegistration kManual{{.name = "manual",
                                .order = 91,
                                .help = "print a manual page's source without its prose",
                                .example = "assay manual assay-record",
                                .define = define}};

}  // namespace
}  // namespace assay::cli
