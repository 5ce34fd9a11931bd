// SPDX-License-Identifier: Apache-2.0
// `assay record` over a simulated machine: what ends it, and what is in the file then.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>

#include "assay/store/recording.hpp"
#include "program.hpp"

namespace assay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

long lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

// Lengths of a recording's windows in seconds.
std::vector<double> windows_of(const std::string& file) {
  std::vector<double> windows;
  std::istringstream out(run("replay --json " + file).out);
  for (std::string line; std::getline(out, line);)
    windows.push_back(json::parse(line)["devices"][0]["window_s"].get<double>());
  return windows;
}

struct Timed {
  Outcome outcome;
  double seconds;
};
Timed timed(const std::string& arguments, const std::string& environment = "") {
  const auto began = std::chrono::steady_clock::now();
  Outcome outcome = run(arguments, environment);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  return {std::move(outcome), took.count()};
}

TEST(Record, RoundTripsALiveMachine) {
  const std::string file = scratch() + "/live.assay";
  const Outcome recorded =
      run("record --sim two-tenants --period 200ms --for 1s --json -o " + file);
  ASSERT_EQ(recorded.code, 0) << recorded.err;
  EXPECT_GE(json::parse(recorded.out)["windows"].get<int>(), 4);
  const Outcome overview = run("replay " + file);
  EXPECT_EQ(overview.code, 0) << overview.err;
  EXPECT_THAT(overview.out, HasSubstr("RECORDING"));
  EXPECT_THAT(overview.out, HasSubstr("SIMULATED two-tenants"));
  // It is refused to write over it, unless asked to.
  EXPECT_EQ(run("record --sim two-tenants --for 200ms --period 100ms -o " + file).code, 2);
  EXPECT_EQ(run("record --sim two-tenants --for 200ms --period 100ms --force -o " + file).code, 0);
}

TEST(Record, FollowsItsCommandAndKeepsItsMarks) {
  const std::string file = scratch() + "/marked.assay";
  const Outcome outcome = run("record --sim one-thread --period 100ms -o " + file +
                              " -- sh -c 'echo hello >&$ASSAY_MARKS; sleep 0.5; exit 5'");
  EXPECT_EQ(outcome.code, 5) << outcome.err;
  EXPECT_EQ(run("replay " + file).code, 0);
  EXPECT_EQ(run("record --sim one-thread -o " + scratch() + "/x.assay -- no-such-program").code,
            127);
}

TEST(Record, WindowsShorterThanTheCountersAreRefused) {
  const Outcome outcome = run("--sim one-thread --window 50ms");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("100"));
}

// Limits of seconds where milliseconds are meant: machines that test are busy ones.
TEST(Record, ASignalEndsALongWindowAtOnceAndKeepsIt) {
  for (const char* number : {"INT", "TERM", "HUP"}) {
    const std::string file = scratch() + "/signal-" + number + ".assay";
    const auto [outcome, seconds] =
        timed("record --sim one-thread --period 30s -o " + file,
              std::string("timeout --foreground --preserve-status -s ") + number + " 0.8");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_LT(seconds, 10) << number;
    const auto windows = windows_of(file);
    ASSERT_EQ(windows.size(), 1U) << number;
    EXPECT_GE(windows[0], 0.1);
    EXPECT_LT(windows[0], 10);
  }
}

TEST(Record, TheEndOfItsCommandEndsALongWindowAtOnce) {
  const std::string file = scratch() + "/short-child.assay";
  for (const char* command : {"true", "sleep 0.4"}) {
    const auto [outcome, seconds] =
        timed("record --sim one-thread --period 30s --force -o " + file + " -- " + command);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_LT(seconds, 10) << command;
    EXPECT_EQ(windows_of(file).size(), 1U) << command;
  }
}

TEST(Record, ForEndsInTheMiddleOfAWindow) {
  const std::string file = scratch() + "/for.assay";
  ASSERT_EQ(run("record --sim one-thread --period 1s --for 1400ms -o " + file).code, 0);
  const auto windows = windows_of(file);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_LT(windows[1], 0.9) << "0.4 on a machine that has nothing else to do";
}

TEST(Record, AKilledOneKeepsMarksThatCameInALongWindow) {
  const std::string file = scratch() + "/killed.assay";
  run("record --sim one-thread --period 30s -o " + file +
          " -- sh -c 'echo hello >&$ASSAY_MARKS; sleep 2.5'",
      "timeout --foreground --preserve-status -s KILL 2.2");
  const auto recording = store::Recording::open(file);
  ASSERT_TRUE(recording.ok());
  EXPECT_EQ(recording->window_count(), 0);  // it was killed inside the first
  ASSERT_EQ(recording->events().size(), 1U);
  EXPECT_EQ(recording->events()[0].text, "hello");
  EXPECT_EQ(lines(run("replay --json " + file).err), 1);
}

TEST(Record, AFullDiskIsOneSentenceAndTheCommandStillGetsSignals) {
  const std::string file = scratch() + "/full.assay";
  // 512 or 1024 bytes each, as the shell has it: the tables fit, a few seconds do not.
  const std::string limited =
      "sim one-thread -- sh -c 'ulimit -f 480; exec timeout --foreground --preserve-status -s TERM "
      "5 \"$0\" \"$@\"' '" ASSAY_BINARY "' record --period 100ms -o " +
      file;
  const auto [outcome, seconds] =
      timed(limited + " -- sh -c 'trap \"exit 9\" TERM; for i in $(seq 300); do sleep 0.1; done'");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_LT(seconds, 20);
  EXPECT_EQ(lines(outcome.err), 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("cannot write the recording"));
  EXPECT_FALSE(windows_of(file).empty());  // what was committed stays
}

}  // namespace
}  // namespace assay::test
