// SPDX-License-Identifier: Apache-2.0
// The live path of every verb on a machine without a GPU: the same program, a simulated driver.
#include <gmock/gmock.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "assay/store/recording.hpp"
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

TEST(Sim, ListsThemAsJsonToo) {
  const json list = json::parse(run("sim --json").out);
  EXPECT_EQ(list["schema"], "assay.scenarios/1");
  EXPECT_GT(list["scenarios"].size(), 5U);
  EXPECT_TRUE(list["scenarios"][0]["name"].is_string());
  EXPECT_TRUE(list["scenarios"][0]["description"].is_string());
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

// A look begins where the scenario says; a recording at its start.
TEST(Sim, ALookShowsWhatTheScenarioIsNamedFor) {
  const Outcome lost = run("sim device-lost --window 300ms");
  EXPECT_EQ(lost.code, 1) << "no device answered";
  EXPECT_THAT(lost.out, HasSubstr("LOST: "));
  const json lab = json::parse(run("--sim lab --window 200ms --json").out);
  EXPECT_EQ(lab["devices"][0]["gpu_util"]["value"], 1.0);
  EXPECT_NEAR(lab["devices"][0]["ladder"]["sm_active"]["value"].get<double>(), 1.0 / 132, 1e-4);

  const std::string file = scratch() + "/from-the-start.assay";
  ASSERT_EQ(run("record --sim lab --for 300ms --period 100ms -o " + file).code, 0);
  auto recording = store::Recording::open(file);
  ASSERT_TRUE(recording);
  const auto first = recording->cursor().next();
  ASSERT_TRUE(first && *first);
  EXPECT_TRUE((*first)->devices.at(0).sample.processes.empty()) << "the lab starts after 3 s";
}

// However the simulated library came to be loaded, what is read from it says so.
TEST(Sim, WhatTheLibraryAnswersIsStampedWhereverItWasFound) {
  const json simulation = {{"kind", "simulation"}, {"name", "one-thread"}};
  const Outcome found =
      run("sim one-thread -- env -u ASSAY_NVML '" ASSAY_BINARY "' --window 200ms --json");
  EXPECT_EQ(json::parse(found.out)["origin"], simulation) << found.err;

  const std::string copy = scratch() + "/libnvidia-ml.so.1";
  ASSERT_EQ(run("sim one-thread -- sh -c 'cp \"$ASSAY_NVML\" " + copy + "'").code, 0);
  const std::string by_hand = "ASSAY_SIM_SCENARIO=one-thread ASSAY_NVML=" + copy;
  const Outcome named = run("--window 200ms --json", by_hand);
  EXPECT_EQ(json::parse(named.out)["origin"], simulation) << named.err;

  const std::string file = scratch() + "/by-hand.assay";
  ASSERT_EQ(run("record --for 300ms --period 100ms -o " + file, by_hand).code, 0);
  const auto recording = store::Recording::open(file);
  ASSERT_TRUE(recording);
  EXPECT_EQ(recording->recorded_origin().kind, sample::OriginKind::simulation);
}

TEST(Sim, TheOptionGoesWithEachVerbThatMeasuresBeforeItOrAfter) {
  for (const std::string options : {"--sim one-thread record", "record --sim one-thread"}) {
    const std::string file = scratch() + "/with-sim.assay";
    const Outcome outcome =
        run(options + " --for 300ms --period 100ms --force -o " + file, "TMPDIR=" + scratch());
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    const auto recording = store::Recording::open(file);
    ASSERT_TRUE(recording);
    EXPECT_EQ(recording->recorded_origin().name, "one-thread");
  }
  const Outcome job = run("--json --sim one-thread run --period 100ms --no-trace -- sleep 0.3");
  EXPECT_EQ(json::parse(job.out)["schema"], "assay.run/1") << job.err;
  const Outcome doctor = run("--sim fleet-8 doctor");
  EXPECT_EQ(doctor.code, 0) << doctor.err;
  EXPECT_THAT(doctor.out, HasSubstr("device 7"));
  EXPECT_THAT(doctor.out, HasSubstr("-sim"));
  const Outcome inside = run("sim one-thread -- '" ASSAY_BINARY "' doctor");
  EXPECT_EQ(inside.code, 0) << inside.err;
  EXPECT_THAT(inside.out, HasSubstr("SIMULATED one-thread"));
  EXPECT_THAT(inside.out, testing::Not(HasSubstr("device nodes")));
}

TEST(Sim, TheOptionIsRefusedWithTheReasonByVerbsThatCannotDoWithIt) {
  const auto refused = [](const std::string& arguments, const std::string& reason) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 2) << arguments;
    EXPECT_THAT(outcome.err, HasSubstr(reason)) << arguments;
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  };
  refused("--sim one-thread lab", "through CUDA");
  refused("scope --sim one-thread", "CUPTI");
  refused("--sim one-thread catalog", "measures no device");
  refused("--sim one-thread plan", "measures no device");
  refused("plan check --sim one-thread", "measures no device");
  refused("--sim one-thread sim", "assay sim SCENARIO");
  refused("--window 1s catalog", "no such option");
  refused("--sim one-thread record --sim decode", "both before and after");
}

// The child sends each signal to assay twice and waits until it has come back.
TEST(Sim, EverySignalReachesTheCommandEveryTimeAndTheFolderGoes) {
  const std::string script = scratch() + "/traps.sh";
  std::ofstream(script) << R"(
all='HUP INT QUIT TERM USR1 USR2 ALRM CONT TSTP'
came=0
for s in $all; do trap "came=\$((came + 1)); echo got-$s" $s; done
sent=0
for s in $all $all; do
  kill -$s $PPID
  sent=$((sent + 1))
  tries=0
  while [ $came -lt $sent ]; do
    tries=$((tries + 1))
    [ $tries -lt 1000 ] || { echo "lost $s"; exit 9; }
    sleep 0.01
  done
done
exit 3
)";
  const std::string folder = scratch() + "/tmp";
  std::filesystem::create_directory(folder);
  const Outcome outcome = run("sim one-thread -- sh " + script, "TMPDIR=" + folder);
  EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
  std::string twice;
  for (int i = 0; i < 2; ++i)
    for (const char* name : {"HUP", "INT", "QUIT", "TERM", "USR1", "USR2", "ALRM", "CONT", "TSTP"})
      twice += std::string("got-") + name + "\n";
  EXPECT_EQ(outcome.out, twice);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST(Sim, WhatIsNoFileIsRefusedInOneSentence) {
  for (const std::string arguments :
       {"sim /tmp", "sim /dev/zero", "sim /proc/self/mem",
        "plan point --model /proc/self/mem --chip h100 --in 9 --out 9 --concurrency 1",
        "plan point --model /dev/zero --chip h100 --in 9 --out 9 --concurrency 1",
        "catalog check /dev/zero", "plan check /dev/zero"}) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 1) << arguments;
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << arguments << ": " << outcome.err;
  }
}

TEST(Sim, AFolderThatNothingMayRunFromIsNamed) {
  struct statvfs facts = {};
  if (::statvfs("/proc", &facts) != 0 || (facts.f_flag & ST_NOEXEC) == 0)
    GTEST_SKIP() << "/proc is not mounted noexec here";
  const Outcome outcome = run("sim one-thread", "TMPDIR=/proc");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("/proc, which is mounted noexec"));
}

TEST(Sim, AFileIsToldFromAName) {
  const std::string file = scratch() + "/k2";
  std::ofstream(file) << "description = 1";
  const Outcome outcome =
      run("sim one-thread -- sh -c 'cd " + scratch() + " && '" ASSAY_BINARY "' sim k2'");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("./k2"));
}

TEST(Sim, WrongScenarioIsAUsageErrorWithTheNearestName) {
  const Outcome outcome = run("sim one-tread");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("one-thread"));
}

}  // namespace
}  // namespace assay::test
