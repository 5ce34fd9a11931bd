// SPDX-License-Identifier: Apache-2.0
// `assay diff` over recordings of simulated devices: equal but for the seed, and not.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "program.hpp"

namespace assay::test {
namespace {

using testing::HasSubstr;

// A scenario of the program's own with another seed, as a file.
std::string with_seed(const std::string& scenario, int seed) {
  std::ifstream file(std::string(ASSAY_SOURCE_DIR) + "/data/scenarios/" + scenario + ".toml");
  std::stringstream text;
  text << file.rdbuf();
  const std::string path = scratch() + "/" + scenario + std::to_string(seed) + ".toml";
  std::ofstream(path) << std::regex_replace(text.str(), std::regex("seed = \\d+"),
                                            "seed = " + std::to_string(seed));
  return path;
}

std::string recorded(const std::string& scenario, int seed) {
  const std::string path = scratch() + "/" + scenario + std::to_string(seed) + ".assay";
  const Outcome made = run("record --force --period 100ms --for 3s -o " + path + " --sim " +
                           with_seed(scenario, seed));
  EXPECT_EQ(made.code, 0) << made.err;
  return path;
}

nlohmann::json changes(const std::string& arguments) {
  const Outcome outcome = run("diff --json " + arguments);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  return nlohmann::json::parse(outcome.out);
}

std::vector<std::string> claims(const nlohmann::json& diff) {
  std::vector<std::string> out;
  for (const char* group : {"rungs", "losses", "causes", "power_w", "usd_per_device_hour"})
    for (const auto& change : diff[group])
      if (change["claim"] == "less" || change["claim"] == "more") out.push_back(change["id"]);
  return out;
}

TEST(Diff, RunsThatDifferBySeedAloneShowNoChangeAndAnotherWorkloadDoes) {
  const std::string a = recorded("decode", 1);
  const std::string b = recorded("decode", 2);
  const auto same = changes(a + " " + b);
  EXPECT_EQ(same["schema"], "assay.diff/1");
  EXPECT_THAT(claims(same), testing::IsEmpty()) << same.dump(1);
  EXPECT_EQ(same["a"]["origin"]["kind"], "simulation");

  const auto other = changes(a + " " + recorded("one-thread", 3));
  EXPECT_THAT(claims(other), testing::IsSupersetOf({"sm_active", "sol", "empty_sms"}));
  EXPECT_THAT(other["headline"].get<std::string>(), HasSubstr("kernel resident, SMs empty"));
}

TEST(Diff, TwoSpansOfOneRecordingAndEachMistakeSaysWhatToDo) {
  const Outcome spans = run("diff h100-lab --from 2s --to 8s --against-from 20s --against-to 30s");
  EXPECT_EQ(spans.code, 0) << spans.err;
  EXPECT_THAT(spans.out, HasSubstr("SM active"));
  EXPECT_THAT(spans.out, HasSubstr("noise"));
  const auto itself = changes("h100-lab --from 0s --against-from 0s");
  EXPECT_THAT(claims(itself), testing::IsEmpty());
  for (const auto& change : itself["rungs"])
    EXPECT_TRUE(change["change"].is_null() || change["change"] == 0.0);

  EXPECT_EQ(run("diff h100-lab").code, 2);
  EXPECT_THAT(run("diff h100-lab").err, HasSubstr("--against-from"));
  EXPECT_EQ(run("diff h100-lab --from noon --against-to 3s").code, 2);
  EXPECT_THAT(run("diff h100-lab --against-to noon").err,
              HasSubstr("--against-to noon is none of"));
  EXPECT_THAT(run("diff h100-lab --from 900s --to 901s").err, HasSubstr("has no window there"));
  EXPECT_THAT(run("diff h100-lab --from 1s --device 7").err, HasSubstr("of device 7"));
  EXPECT_THAT(run("diff h100-lab no-such.assay").err, HasSubstr("no-such.assay"));
}

}  // namespace
}  // namespace assay::test
