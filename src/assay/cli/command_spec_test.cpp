// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/command_spec.hpp"

#include <gmock/gmock.h>
#include <CLI/CLI.hpp>

#include "assay/cli/completion.hpp"
#include "assay/cli/man_page.hpp"

namespace assay::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A command line with one of each.
struct Toy {
  Toy() {
    app.add_flag("--quiet,-q", quiet, "say [almost] nothing: it's \"quiet\"");
    app.add_option("--at", at, "which mean")->check(CLI::IsMember({"p50", "p95"}));
    app.add_option("-o,--output", text, "the file to write")->type_name("FILE");
    app.add_option("--secret", text, "not for people")->group("");
    CLI::App* verb = app.add_subcommand("look", "look at *all* of_it");
    verb->add_option("FILE", text, "the recording");
    verb->add_option("--sim", text, "simulated")->type_name("SCENARIO");
    app.add_subcommand("build-only", "hidden")->group("");
  }
  CLI::App app{"toy: what a toy does", "assay"};
  bool quiet = false;
  std::string at;
  std::string text;
};

const OptionSpec& named(const CommandSpec& command, std::string_view name) {
  for (const OptionSpec& option : command.options)
    for (const std::string& own : option.names)
      if (own == name) return option;
  static const OptionSpec none;
  ADD_FAILURE() << name;
  return none;
}

TEST(CommandSpec, SaysWhatTheCommandLineDefines) {
  const Toy toy;
  const CommandSpec root = describe(toy.app);
  EXPECT_EQ(root.name, "");
  EXPECT_THAT(named(root, "-q").names, ElementsAre("-q", "--quiet"));
  EXPECT_EQ(named(root, "-q").kind, ValueKind::none);
  EXPECT_EQ(named(root, "--at").kind, ValueKind::choice);
  EXPECT_THAT(named(root, "--at").choices, ElementsAre("p50", "p95"));
  EXPECT_EQ(named(root, "-o").kind, ValueKind::file);
  EXPECT_EQ(named(root, "-o").value, "FILE");
  ASSERT_EQ(root.commands.size(), 1U) << "a hidden verb is shown";
  const CommandSpec& look = root.commands[0];
  ASSERT_EQ(look.positionals.size(), 1U);
  EXPECT_EQ(look.positionals[0].kind, ValueKind::recording);
  EXPECT_EQ(named(look, "--sim").kind, ValueKind::scenario);
  for (const OptionSpec& option : root.options) EXPECT_THAT(option.help, Not(HasSubstr("people")));
}

TEST(Completion, QuotesWhatEachShellWouldRead) {
  const Toy toy;
  const CommandSpec root = describe(toy.app);
  const ValueWords words{.scenarios = {"one-thread"}, .recordings = {"h100-lab"}};
  const std::string zsh = zsh_completion(root, words);
  EXPECT_THAT(zsh, HasSubstr(R"([say \[almost\] nothing\: it'\''s "quiet"])"));
  EXPECT_THAT(zsh, HasSubstr("(p50 p95)"));
  const std::string fish = fish_completion(root, words);
  EXPECT_THAT(fish, HasSubstr(R"(-d 'say [almost] nothing: it\'s "quiet"')"));
  EXPECT_THAT(fish, HasSubstr("-l sim -r -F -a 'one-thread'"));
  const std::string bash = bash_completion(root, words);
  EXPECT_THAT(bash, HasSubstr("'look:--sim') _assay_offer 'one-thread'; _assay_files; return ;;"));
  EXPECT_THAT(bash, HasSubstr("_assay_valued='--at --output --sim -o'"));
  for (const std::string& script : {zsh, fish, bash}) EXPECT_THAT(script, Not(HasSubstr("secret")));
}

TEST(ManPage, EscapesWhatScdocWouldRead) {
  const Toy toy;
  const CommandSpec root = describe(toy.app);
  const std::string page = man_page(root, root.commands[0]);
  EXPECT_THAT(page, HasSubstr("assay-look - look at \\*all\\* of\\_it"));
  EXPECT_THAT(page, HasSubstr("\n@PROSE@\n"));
  EXPECT_THAT(page, HasSubstr("_SCENARIO_\n\tsimulated"));
  EXPECT_THAT(man_page(root), HasSubstr("assay - what a toy does\n"));
  EXPECT_THAT(man_page(root), HasSubstr("*assay-look*(1)"));
}

}  // namespace
}  // namespace assay::cli
