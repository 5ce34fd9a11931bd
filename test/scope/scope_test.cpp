// SPDX-License-Identifier: Apache-2.0
// `assay scope` as its user sees it, over a device that follows the clock (fake_pm.cpp).
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/program.hpp"

namespace assay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kDevice = "ASSAY_CUPTI=" ASSAY_FAKE_PM " LD_LIBRARY_PATH=" ASSAY_FAKE_DRIVER;

Outcome scope(const std::string& options, const std::string& environment = "") {
  return run("scope " + options, kDevice + " " + environment);
}

json seen(const std::string& options, const std::string& environment = "") {
  const Outcome outcome = scope("--json " + options, environment);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  return outcome.code == 0 ? json::parse(outcome.out) : json();
}

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Every tick follows the one before, none twice, none missing.
void expect_whole(const json& look, std::int64_t interval_ns) {
  const json& begins = look["timeline"]["begin_ns"];
  ASSERT_GT(begins.size(), 1U);
  for (std::size_t i = 0; i < begins.size(); ++i)
    ASSERT_EQ(begins[i], static_cast<std::int64_t>(i) * interval_ns);
  EXPECT_EQ(look["lost"], 0);
  EXPECT_EQ(look["overflows"], 0);
  EXPECT_EQ(look["discarded"], 1) << "the first, which began before the start";
}

TEST(Scope, AStreamOfAllChannelsIsWhole) {
  // The fetching may be kept waiting for some 500 ticks.
  const json look = seen("--interval 500us --for 300ms");
  EXPECT_EQ(look["channels"].size(), 13U);
  EXPECT_EQ(look["merged"], 1);
  EXPECT_EQ(look["ended"], nullptr);
  EXPECT_FALSE(look["name"].get<std::string>().empty());
  EXPECT_GE(look["ticks"], 595);
  expect_whole(look, 500'000);
  EXPECT_NEAR(look["mean"]["sm_active"], 0.5, 1e-6);
  EXPECT_NEAR(look["mean"]["lanes"], 5.0 / 20, 1e-6);
  EXPECT_THAT(look["timeline"]["sm_active"], testing::Each(0.5)) << "ticks begun are completed";
}

// The clock of the host and what is under way when time is up make no difference.
TEST(Scope, AStreamHoldsTheTimeAskedFor) {
  const json look = seen("--interval 500us --for 200ms", "FAKE_PM_DECODE_US=100");
  EXPECT_NEAR(look["ticks"], 400, 1);
  expect_whole(look, 500'000);
}

TEST(Scope, WhereABegunTickCantBeKeptItIsLostAndNotTooLow) {
  const json look = seen("--interval 500us --for 300ms", "FAKE_PM_UNLIKE=1");
  EXPECT_THAT(look["timeline"]["sm_active"], testing::Each(0.5));
  EXPECT_GT(look["lost"], 2) << "one a fetch";
  EXPECT_NEAR(look["ticks"].get<int>() + look["lost"].get<int>(), 600, 5);
}

TEST(Scope, ABurstOfManyTicksIsWhole) {
  const json look = seen("--interval 20us --for 200ms --burst");
  EXPECT_GE(look["ticks"], 9'990);
  expect_whole(look, 20'000);
  const json one = seen("--interval 12us --for 300ms --burst --channels sm_active");
  EXPECT_EQ(one["channels"], json({"sm_active"}));
  EXPECT_GE(one["ticks"], 24'990);
  expect_whole(one, 12'000);
}

TEST(Scope, EvaluationSlowerThanSamplingLosesNothing) {
  const json look = seen("--interval 1ms --for 300ms",
                         "FAKE_PM_EVALUATE_US=1500 FAKE_PM_DUTY=10000000,3000000,1");
  EXPECT_GE(look["ticks"], 295);
  expect_whole(look, 1'000'000);
  EXPECT_NEAR(look["mean"]["sm_active"], 0.3, 0.03) << "values are those of their ticks";
}

// A tenth of the speed of one H200 with all channels: 75 us to decode a tick of 100, 46 to
// evaluate.
TEST(Scope, DecodingAndEvaluatingTogetherSlowerThanSamplingLoseNothing) {
  const json look =
      seen("--interval 1ms --for 500ms", "FAKE_PM_DECODE_US=650 FAKE_PM_EVALUATE_US=460");
  EXPECT_GE(look["ticks"], 495);
  expect_whole(look, 1'000'000);
}

TEST(Scope, TicksGivenOutTwiceAreTakenOnce) {
  const json look = seen("--interval 1ms --for 300ms", "FAKE_PM_AGAIN=3");
  const json& begins = look["timeline"]["begin_ns"];
  for (std::size_t i = 0; i < begins.size(); ++i)
    ASSERT_EQ(begins[i], static_cast<std::int64_t>(i) * 1'000'000);
  EXPECT_GE(look["ticks"], 290);
  EXPECT_EQ(look["lost"], 0);
  EXPECT_GT(look["discarded"], 10);
}

TEST(Scope, ALookThatCantBeBegunAgainEndsAndCountsTheRest) {
  const json look = seen("--interval 1ms --for 2s", "FAKE_PM_BUFFER=10 FAKE_PM_ENDS=1");
  EXPECT_GE(look["ticks"], 8);
  EXPECT_EQ(look["overflows"], 1);
  EXPECT_NEAR(look["lost"], 1990, 5);
  EXPECT_THAT(look["ended"].get<std::string>(), HasSubstr("starting the counters failed"));
  EXPECT_THAT(scope("--interval 1ms --for 1s", "FAKE_PM_BUFFER=10 FAKE_PM_ENDS=1").out,
              HasSubstr("The look ended early"));
}

TEST(Scope, HalfTheTimeAndHalfTheSmsAreToldApart) {
  const json time = seen("--interval 20us --for 100ms", "FAKE_PM_DUTY=1000000,300000,1");
  EXPECT_NEAR(time["mean"]["sm_active"], 0.3, 0.01);
  EXPECT_EQ(time["duty"]["shape"], "part-of-the-time");
  EXPECT_NEAR(time["duty"]["on"], 0.3, 0.03);
  const json sms = seen("--interval 20us --for 100ms", "FAKE_PM_DUTY=1,1,0.5");
  EXPECT_NEAR(sms["mean"]["sm_active"], 0.5, 1e-6);
  EXPECT_EQ(sms["duty"]["shape"], "part-of-the-sms");
  EXPECT_THAT(scope("--for 50ms --ascii", "FAKE_PM_DUTY=1,1,0.5").out,
              HasSubstr("empty, not time: larger grids"));
}

TEST(Scope, WhatTheDevicesBufferCantHoldIsCounted) {
  const json burst = seen("--interval 10us --for 100ms --burst", "FAKE_PM_BUFFER=500");
  EXPECT_EQ(burst["ticks"], 499);
  EXPECT_EQ(burst["overflows"], 1);
  EXPECT_NEAR(burst["lost"], 9'500, 20);
  // A stream begins again each time.
  const json stream = seen("--interval 100us --for 200ms", "FAKE_PM_BUFFER=20");
  EXPECT_GT(stream["overflows"], 2);
  EXPECT_GE(stream["discarded"], stream["overflows"]) << "each new start has its first tick";
  EXPECT_NEAR(stream["ticks"].get<double>() + stream["lost"].get<double>(), 2000,
              2000 * 0.1 + 3 * stream["overflows"].get<double>());
}

TEST(Scope, ABurstThatNeedsTooMuchMemoryIsRefusedAtOnce) {
  const Outcome outcome = scope("--interval 10us --for 600s --burst");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("GiB of memory; look for a shorter time"));
}

TEST(Scope, RefusalsSayWhoAndWhatToDo) {
  const auto refused = [](const char* code, const std::string& why, const std::string& remedy) {
    const Outcome outcome = scope("--for 10ms", std::string("FAKE_PM_REFUSE=") + code);
    EXPECT_NE(outcome.code, 0);
    EXPECT_THAT(outcome.err, HasSubstr(why));
    EXPECT_THAT(outcome.err, HasSubstr(remedy));
  };
  refused("26", "the counters", "dcgmi profile --pause");
  refused("35", "only administrators", "NVreg_RestrictProfilingToAdminUsers=0");
  refused("33", "virtual GPUs don't offer it", "run it on the host");
  refused("40", "the virtual GPU's profile forbids it", "enable_profiling=1");
  refused("41", "confidential-computing", "--set-cc-mode=devtools");
  refused("43", "MIG is on", "nvidia-smi -i 0 -mig 0");
  refused("27", "does not offer it", "Turing or newer");
}

TEST(Scope, GivesTheCountersBackHoweverItEnds) {
  const auto ends = [](const std::string& signal, int code) {
    const std::string log = scratch() + "/" + signal;
    const std::string out = log + ".json";
    // A shell's background jobs ignore SIGINT, those of `timeout` do not.
    const int status =
        std::system(("timeout --foreground --preserve-status -s " + signal +
                     " 1 env FAKE_PM_TICK_BYTES=500 " + kDevice + " FAKE_PM_LOG=" + log +
                     " '" ASSAY_BINARY "' scope --interval 1ms --for 20s --json >" + out)
                        .c_str());
    EXPECT_EQ(WEXITSTATUS(status), code) << signal;
    EXPECT_EQ(text_of(log), "enable\nstart\nstop\ndisable\n") << signal;
    const json look = json::parse(text_of(out));
    EXPECT_GT(look["ticks"], 0) << "what was seen so far is shown";
    EXPECT_LT(look["ticks"], 19'000);
    EXPECT_EQ(look["lost"], 0);
  };
  ends("INT", 0);
  ends("TERM", 0);
  const std::string log = scratch() + "/whole";
  EXPECT_EQ(scope("--for 20ms", "FAKE_PM_LOG=" + log).code, 0);
  EXPECT_EQ(text_of(log), "enable\nstart\nstop\ndisable\n");
}

TEST(Scope, OverwritesNothingUnasked) {
  const std::string svg = scratch() + "/mine.svg";
  std::ofstream(svg) << "mine";
  const Outcome refused = scope("--for 20ms --svg " + svg);
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("exists; give another name, or --force"));
  EXPECT_EQ(scope("--for 20ms --trace " + svg).code, 2);
  EXPECT_EQ(text_of(svg), "mine");
  EXPECT_EQ(scope("--for 20ms --force --svg " + svg).code, 0);
  EXPECT_THAT(text_of(svg), StartsWith("<svg "));
  const std::string both = scratch() + "/both";
  EXPECT_EQ(scope("--for 20ms --svg " + both + " --trace " + both).code, 2);
}

// Fewer ticks than columns: each column is a tick, and none looks lost.
TEST(Scope, WhatWasNotLostIsNotDrawnAsLost) {
  const Outcome few = scope("--interval 5ms --for 100ms --ascii");
  EXPECT_THAT(few.out, HasSubstr(" 0 lost"));
  EXPECT_THAT(few.out, testing::Not(HasSubstr("?")));
}

TEST(Scope, KnowsItsBoardAndWhatItCosts) {
  const json look = seen("--for 50ms --price 2", "FAKE_PM_DUTY=1,1,0.4");
  EXPECT_EQ(look["name"], "Fake H100");
  EXPECT_EQ(look["usd_per_hour"], 2.0);
  EXPECT_EQ(look["price_source"], "--price");
  ASSERT_FALSE(look["findings"].empty());
  const json& gain = look["findings"][0]["counterfactual"];
  EXPECT_GT(gain["usd_per_hour_saved_max"], 0);
  EXPECT_LE(gain["usd_per_hour_saved_max"], 2);
  EXPECT_TRUE(seen("--for 50ms")["usd_per_hour"].is_null()) << "no chip of that name";
}

TEST(Scope, WritesPictureAndTrace) {
  const std::string svg = scratch() + "/s.svg";
  const std::string trace = scratch() + "/t.json";
  ASSERT_EQ(scope("--for 20ms --svg " + svg + " --trace " + trace).code, 0);
  EXPECT_THAT(text_of(svg), StartsWith("<svg "));
  const json events = json::parse(text_of(trace))["traceEvents"];
  EXPECT_NEAR(static_cast<double>(events.size()), 200 * 13, 20 * 13);
  EXPECT_EQ(events[0]["ts"], 0);
  EXPECT_EQ(events[13]["ts"], 100);
}

TEST(Scope, ANameThatCantBeWrittenIsToldBeforeTheLook) {
  const std::string log = scratch() + "/unwritable";
  for (const char* option : {"--svg", "--trace"}) {
    const Outcome outcome =
        scope(std::string("--for 20ms ") + option + " /nowhere/at/all", "FAKE_PM_LOG=" + log);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("can't write /nowhere/at/all; choose a folder"));
    EXPECT_EQ(text_of(log), "") << "the counters were not taken";
  }
}

TEST(Scope, WithoutADriverThereIsNothingToMeasure) {
  const Outcome outcome = run("scope --for 10ms", "ASSAY_CUPTI=" ASSAY_FAKE_PM);
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("no CUDA driver"));
}

}  // namespace
}  // namespace assay::test
