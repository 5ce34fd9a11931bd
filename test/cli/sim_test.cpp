// SPDX-License-Identifier: Apache-2.0
// The live path of every verb on a machine without a GPU: the same program, a simulated driver.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "program.hpp"

namespace assay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(Sim, ListsItsScenarios) {
  const Outcome list = run("sim");
  EXPECT_EQ(list.code, 0);
  for (const char* name : {"one-thread", "lab", "decode", "fleet-8", "fleet-1024"})
    EXPECT_THAT(list.out, HasSubstr(name));
}

TEST(Sim, OneThreadOnTheSeedsV100IsOneSmOfEighty) {
  const Outcome look = run("sim one-thread --window 500ms --json");
  ASSERT_EQ(look.code, 0) << look.err;
  const json snapshot = json::parse(look.out);
  EXPECT_EQ(snapshot["origin"], json({{"kind", "simulation"}, {"name", "one-thread"}}));
  const json& device = snapshot["devices"][0];
  EXPECT_EQ(device["chip"], "v100-sxm2-32gb");
  EXPECT_EQ(device["processes"][0]["name"], "spin") << device["processes"].dump();
  EXPECT_EQ(device["gpu_util"]["value"], 1.0);
  EXPECT_NEAR(device["ladder"]["sm_active"]["value"].get<double>(), 1.0 / 80, 0.0005);
  EXPECT_NEAR(device["readings"]["power"]["value"].get<double>(), 67, 7);
  EXPECT_GT(device["cost"]["lost_usd_per_hour"].get<double>(), 0);
}

TEST(Sim, EightDevicesEachConserved) {
  const json snapshot = json::parse(run("--sim fleet-8 --window 300ms --json").out);
  ASSERT_EQ(snapshot["devices"].size(), 8U);
  for (const json& device : snapshot["devices"]) {
    double sum = 0;
    for (const json& part : device["losses"])
      if (part.is_number()) sum += part.get<double>();
    EXPECT_NEAR(sum, 1.0, 1e-9);
  }
}

TEST(Sim, PictureIsStampedAndFitsTheTerminal) {
  const Outcome look = run("sim fleet-8 --window 200ms", "COLUMNS=80");
  EXPECT_EQ(look.code, 0) << look.err;
  EXPECT_THAT(look.out, testing::StartsWith("SIMULATED fleet-8"));
  std::istringstream in(look.out);
  for (std::string line; std::getline(in, line);)
    EXPECT_LE(std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }),
              80)
        << line;
}

TEST(Sim, CommandSeesTheDevicesAndKeepsItsExitCode) {
  EXPECT_EQ(run("sim one-thread -- sh -c 'exit 7'").code, 7);
  EXPECT_EQ(run("sim one-thread -- no-such-program-anywhere").code, 127);
  const Outcome inner = run("sim one-thread -- '" ASSAY_BINARY "' --window 200ms --json");
  EXPECT_EQ(json::parse(inner.out)["origin"]["kind"], "simulation") << inner.err;
}

TEST(Sim, AnOptionBeforeTheVerbIsNotSilentlyForgotten) {
  const Outcome outcome = run("--sim one-thread record --for 1s");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("assay record --sim"));
}

TEST(Sim, WrongScenarioIsAUsageErrorWithTheNearestName) {
  const Outcome outcome = run("sim one-tread");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("one-thread"));
  EXPECT_EQ(run("sim /nonexistent/file.toml").code, 2);
}

}  // namespace
}  // namespace assay::test
