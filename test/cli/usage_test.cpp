// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "program.hpp"

namespace assay::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

long lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST(Usage, EachCatalogVerbShowsItsOwnExample) {
  for (const std::string verb : {"list", "show", "check"})
    EXPECT_THAT(run("catalog " + verb + " --help").out,
                HasSubstr("Example:\n  assay catalog " + verb));
}

TEST(Usage, TheLabsListIsJsonWhereAsked) {
  const auto list = nlohmann::json::parse(run("lab --list --json").out);
  EXPECT_EQ(list["kernels"].size(), 13U);
  EXPECT_EQ(list["kernels"][0]["kernel"], "one-thread");
  EXPECT_FALSE(list["kernels"][0]["what"].get<std::string>().empty());
}

// Verbs and their own verbs, as the program itself lists them.
std::vector<std::string> all_verbs() {
  std::vector<std::string> verbs{""};
  for (std::size_t i = 0; i < verbs.size(); ++i) {
    std::istringstream help(run(verbs[i] + " --help").out);
    bool listed = false;
    for (std::string line; std::getline(help, line);) {
      listed = listed ? line.starts_with("  ") : line == "Subcommands:";
      if (!listed || line.size() < 3 || line[2] == ' ') continue;
      if (line.starts_with("  "))
        verbs.push_back(verbs[i] + " " + line.substr(2, line.find(' ', 2) - 2));
    }
  }
  return verbs;
}

TEST(Usage, EveryVerbHasHelpWithAnExample) {
  for (const std::string& verb : all_verbs()) {
    const Outcome help = run(verb + " --help");
    EXPECT_EQ(help.code, 0) << verb;
    EXPECT_THAT(help.out, AllOf(HasSubstr("Example:"), HasSubstr("assay"))) << verb;
  }
}

// docs/json.md, "Exit codes": one rule for every verb that takes a file.
TEST(Usage, WhatCantBeReadFailsAndWhatIsWrittenWrongIsUsage) {
  const std::string folder = scratch();
  const std::vector<std::string> recordings = {"replay FILE", "report FILE",
                                               "export FILE --format csv", "diff FILE FILE",
                                               "replay FILE --json"};
  const std::vector<std::string> texts = {
      "sim FILE",
      "sim FILE -- true",
      "--sim FILE",
      "record --sim FILE -o " + folder + "/never.assay",
      "doctor --sim FILE",
      "plan --model FILE",
      "plan point --model FILE --chip h100 --in 9 --out 9 --concurrency 1",
      "plan point --model llama-3.1-8b --chip h100 --in 9 --out 9 --trace FILE",
      "plan check FILE"};
  const auto with = [](std::string command, const std::string& file) {
    for (std::size_t at = 0; (at = command.find("FILE", at)) != std::string::npos;)
      command.replace(at, 4, file);
    return command;
  };
  const auto ends = [](const std::string& command, int code) {
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.code, code) << command << ": " << outcome.err;
    EXPECT_EQ(lines(outcome.err), 1) << command << ": " << outcome.err;
  };
  std::vector<std::string> all = recordings;
  all.insert(all.end(), texts.begin(), texts.end());
  all.emplace_back("catalog check FILE");
  for (const std::string& command : all) {
    ends(with(command, folder + "/none.json"), 1);
    ends(with(command, folder), 1);
  }
  for (const std::string command : {"--data FILE catalog list", "compare h100 b200 --data FILE"})
    ends(with(command, folder + "/none"), 1);
  const std::string wrong = folder + "/wrong.toml";
  std::ofstream(wrong) << "{ neither = of [ any kind";
  for (const std::string& command : recordings) ends(with(command, wrong), 1);
  for (const std::string& command : texts) ends(with(command, wrong), 2);
  EXPECT_EQ(run("catalog check " + wrong).code, 1) << "that is what was to be found out";
  for (const std::string command : {"sim none", "--sim none", "plan --model none"})
    ends(command, 2);
}

TEST(Usage, HelpFitsTheTerminal) {
  const std::vector<std::string> verbs = all_verbs();
  EXPECT_GE(verbs.size(), 9U);
  for (const std::string& verb : verbs)
    for (const std::size_t width : {60U, 80U}) {
      std::istringstream help(run(verb + " --help", "COLUMNS=" + std::to_string(width)).out);
      for (std::string line; std::getline(help, line);)
        EXPECT_LE(line.size(), width) << verb << "\n" << line;
    }
}

TEST(Usage, AFullDeviceIsOneSentenceAndCodeOne) {
  for (const char* arguments : {"--version", "--help", "record --help", "doctor", "doctor --json",
                                "catalog list", "replay h100-lab --json", "sim"}) {
    const Outcome outcome = run(arguments, "sh -c 'exec \"$0\" \"$@\" >/dev/full'");
    EXPECT_EQ(outcome.code, 1) << arguments;
    EXPECT_EQ(lines(outcome.err), 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("can't write the output")) << arguments;
  }
}

TEST(Usage, MistakesAreOneSentenceAndCodeTwo) {
  for (const char* wrong : {"--no-such-flag", "no-such-verb", "--window 0", "--window soon",
                            "--price -1", "--price cheap", "--price nan", "--window 100", "replay",
                            "catalog show", "record --period 1x", "lab no-such-kernel",
                            "catalog show h100-sxm5-80bg", "replay h100-lab --at ''"}) {
    const Outcome outcome = run(wrong);
    EXPECT_EQ(outcome.code, 2) << wrong << "\n" << outcome.err;
    EXPECT_EQ(lines(outcome.err), 1) << wrong << "\n" << outcome.err;
    EXPECT_EQ(outcome.out, "") << wrong;
  }
}

TEST(Usage, VersionIsAVersion) {
  const Outcome outcome = run("--version");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+.*\n"));
}

TEST(NothingToMeasure, IsCodeThreeAndOffersTheRecording) {
  const Outcome look = run("");
  EXPECT_EQ(look.code, 3);
  EXPECT_EQ(look.out, "");
  EXPECT_THAT(look.err, HasSubstr("assay replay h100-lab"));
  EXPECT_EQ(run("--json").code, 3);
  EXPECT_EQ(run("lab").code, 3);
  EXPECT_EQ(run("record -o " + scratch() + "/none.assay").code, 3);
}

TEST(NothingToMeasure, DoctorSaysWhatIsMissingAndHowToMendIt) {
  const Outcome text = run("doctor");
  EXPECT_EQ(text.code, 3);
  EXPECT_THAT(text.out, HasSubstr("NVML"));
  const auto json = nlohmann::json::parse(run("doctor --json").out);
  EXPECT_EQ(json["schema"], "assay.doctor/1");
  EXPECT_EQ(json["measurable"], false);
  EXPECT_FALSE(json["findings"].empty());
}

TEST(Catalog, ListsShowsAndChecks) {
  const auto list = nlohmann::json::parse(run("catalog list --json").out);
  EXPECT_GE(list["chips"].size(), 21U);
  const auto chip = nlohmann::json::parse(run("catalog show h100-sxm5-80gb --json").out);
  EXPECT_EQ(chip["units"]["value"], 132);
  EXPECT_FALSE(chip["units"]["source"].get<std::string>().empty());
  EXPECT_THAT(run("catalog show h100-sxm5-80gb").out, HasSubstr("sources"));
  EXPECT_EQ(run("catalog check").code, 0);
  EXPECT_THAT(run("catalog show h100-sxm5").err, HasSubstr("h100-sxm5-80gb"));
}

}  // namespace
}  // namespace assay::test
