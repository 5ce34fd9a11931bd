// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "program.hpp"

namespace assay::test {
namespace {

using testing::HasSubstr;

long lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST(Usage, EveryVerbHasHelpWithAnExample) {
  for (const char* verb : {"", "lab", "record", "replay", "doctor", "catalog"}) {
    const Outcome help = run(std::string(verb) + " --help");
    EXPECT_EQ(help.code, 0) << verb;
    EXPECT_THAT(help.out, HasSubstr("Example:")) << verb;
    EXPECT_THAT(help.out, HasSubstr("assay")) << verb;
  }
}

TEST(Usage, MistakesAreOneSentenceAndCodeTwo) {
  for (const char* wrong :
       {"--no-such-flag", "no-such-verb", "--window 0", "--window soon", "--price -1",
        "--price cheap", "--price nan", "--window 100", "replay", "catalog show",
        "record --period 1x", "lab no-such-kernel", "catalog show h100-sxm5-80bg"}) {
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
