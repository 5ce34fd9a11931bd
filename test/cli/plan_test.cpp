// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "program.hpp"

namespace assay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string kPoint =
    "plan point --model llama-3.1-70b --chip h100_sxm --count 4 --tp 4 --dtype fp8 --in 1024 --out "
    "1024 ";
const std::string kPlan = "plan --model llama-3.1-70b --in 2048 --out 256 ";

TEST(Plan, APointHasTheFieldsOfItsDocument) {
  const Outcome point = run(kPoint + "--concurrency 32 --json");
  ASSERT_EQ(point.code, 0) << point.err;
  const json found = json::parse(point.out);
  for (const char* time : {"ttft_ms", "tpot_ms"})
    for (const char* field : {"mean", "p50", "p95", "lo", "hi"})
      EXPECT_GT(found[time][field].get<double>(), 0) << time << " " << field;
  EXPECT_TRUE(found["memory"]["fits"].get<bool>());
  EXPECT_NEAR(found["memory"]["weights_bytes"].get<double>(), 71e9, 3e9);
  double time = 0;
  for (const auto& [name, share] : found["time_share"].items()) time += share.get<double>();
  EXPECT_NEAR(time, 1, 1e-9);
  EXPECT_NEAR(
      found["usd_per_mtok"].get<double>() * found["tokens_per_s"].get<double>() * 3600 / 1e6,
      found["usd_per_hour"].get<double>(), 1e-6);
  EXPECT_LT(found["what_if"]["dram+10%"].get<double>(), 0);
  EXPECT_EQ(found["method"], "closed-form");
}

TEST(Plan, MemoryIsTheModelsOwnArithmetic) {
  const json found = json::parse(
      run("plan point --model llama-3.1-70b --chip h100_sxm --tp 4 --dtype bf16 --kv-dtype bf16 "
          "--concurrency 1 --in 9 --out 9 --json")
          .out)["memory"];
  EXPECT_NEAR(found["weights_bytes"].get<double>(), 2 * 70.55e9, 0.1e9);
  // 80 layers x 8 heads x 128 wide x keys and values x 2 bytes.
  EXPECT_EQ(found["kv_bytes_per_token"].get<double>(), 80 * 8 * 128 * 2 * 2.0);
}

TEST(Plan, SaysTheTypesThatAreServed) {
  const json cache = json::parse(run(kPoint + "--concurrency 1 --json").out)["memory"];
  EXPECT_EQ(cache["kv_dtype"], "bf16");  // vLLM narrows no cache by itself
  const Outcome volta =
      run("plan point --model llama-2-7b --chip v100 --tp 2 --in 9 --out 9 "
          "--concurrency 1 --json");
  EXPECT_EQ(json::parse(volta.out)["dtype"], "fp16");
  const Outcome narrow =
      run("plan point --model gpt-oss-20b --dtype int8 --chip h100 --in 9 --out 9 "
          "--concurrency 1 --json");
  EXPECT_EQ(json::parse(narrow.out)["dtype"], "fp4");
  EXPECT_THAT(narrow.err, HasSubstr("it stays in fp4"));
}

TEST(Plan, TheSimulatorSaysTheSameAndItsSeedRepeats) {
  const json closed = json::parse(run(kPoint + "--concurrency 32 --json").out);
  const std::string simulate = kPoint + "--concurrency 32 --requests 600 --json";
  const Outcome once = run(simulate);
  EXPECT_EQ(once.out, run(simulate).out);
  const json found = json::parse(once.out);
  EXPECT_EQ(found["method"], "simulation");
  const double tpot = found["tpot_ms"]["mean"].get<double>();
  EXPECT_NEAR(closed["tpot_ms"]["mean"].get<double>(), tpot, 0.05 * tpot);
}

TEST(Plan, ATraceIsServedAsItComes) {
  const std::string file = scratch() + "/trace.csv";
  std::ofstream(file) << "arrived_at,num_prefill_tokens,num_decode_tokens\n0,1000,10\n0.5,500,20\n";
  const Outcome point =
      run("plan point --model llama-3.1-8b --chip h100_sxm --json --trace " + file);
  ASSERT_EQ(point.code, 0) << point.err;
  EXPECT_EQ(json::parse(point.out)["in"].get<double>(), 750);
  std::ofstream(file) << "arrived_at,num_prefill_tokens,num_decode_tokens\n0,0,10\n";
  const Outcome bad = run("plan point --model llama-3.1-8b --chip h100_sxm --trace " + file);
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, HasSubstr("trace.csv:2"));
}

TEST(Plan, RanksConfigurationsAndFitsTheTerminal) {
  for (const int width : {60, 80, 100, 160}) {
    const Outcome plan =
        run(kPlan + "--rate 20 --ttft 500ms --tpot 30ms --chips h100_sxm,b200-hgx,mi300x",
            "COLUMNS=" + std::to_string(width));
    ASSERT_EQ(plan.code, 0) << plan.err;
    EXPECT_THAT(plan.out, HasSubstr("h100-sxm5-80gb"));
    EXPECT_THAT(plan.out, HasSubstr("20"));  // dates of prices
    std::istringstream lines(plan.out);
    for (std::string line; std::getline(lines, line);) {
      long columns = 0;
      for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
      EXPECT_LE(columns, width) << line;
    }
  }
}

TEST(Plan, TheMemoryWallIsNamed) {
  const Outcome plan = run(kPlan + "--rate 20 --ttft 500ms --tpot 30ms", "COLUMNS=160");
  ASSERT_EQ(plan.code, 0) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("the memory wall"));
  EXPECT_THAT(plan.out, HasSubstr("A tenth more of each resource"));
}

TEST(Plan, DrawsCostAgainstLatency) {
  const std::string file = scratch() + "/plan.svg";
  const Outcome plan = run(kPlan + "--rate 5 --chips h100_sxm,b200-hgx --svg " + file);
  ASSERT_EQ(plan.code, 0) << plan.err;
  std::stringstream svg;
  svg << std::ifstream(file).rdbuf();
  EXPECT_THAT(svg.str(), HasSubstr("<polyline"));
  EXPECT_THAT(svg.str(), HasSubstr("</svg>"));
  EXPECT_EQ(run(kPlan + "--rate 5 --chips h100_sxm --svg /nowhere/plan.svg").code, 1);
}

TEST(Plan, SaysInOneSentenceWhatCanNotBe) {
  struct Case {
    std::string arguments;
    int code;
    std::string sentence;
  };
  for (const Case& c : {
           Case{kPlan + "--rate 20 --tpot 100us", 1, "ms at best"},
           Case{kPlan + "--rate 5000 --max-usd-hour 30 --chips h100_sxm", 1,
                "the most that holds is"},
           Case{kPlan + "--rate 5 --chips h100_sxn", 2, "the nearest are h100-sxm5-80gb"},
           Case{kPlan + "--rate -1", 2, "--rate -1 is not allowed"},
           Case{kPlan + "--max-power 10", 2, "is no power"},
           Case{kPlan + "--engine nosuch", 2, "no engine profile"},
           Case{kPlan + "--dtype fp3", 2, "fp3"},
           Case{"plan --model llama-3.1-70b --out 5", 2, "--in is missing"},
           Case{"plan --model llama-3.1-70b --in 0 --out 5", 2, "--in 0 is not allowed"},
           Case{"plan --model llama-3.1-70b --in 5 --out -5", 2, "--out -5 is not allowed"},
           Case{"plan --model llama-3.1-70b --in 5 --out 5 --rate 0", 2, "--rate 0 is not allowed"},
           Case{"plan point --model llama-3.1-8b --chip h100_sxm --concurrency 1 --in 9 --out 9 "
                "--tp 0",
                2, "--tp 0 is not allowed"},
           Case{"plan point --model llama-3.1-8b --chip h100_sxm --concurrency 1 --in 9 --out 9 "
                "--count -1",
                2, "--count -1 is not allowed"},
           Case{kPoint + "--rate -2", 2, "--rate -2 is not allowed"},
           Case{"plan check --held-out /nowhere", 1, "/nowhere/vidur_mlp_a40_llama2_70b.csv"},
           Case{"plan check --held-out /nowhere --own-runs /nowhere", 2, "give one of"},
           Case{"plan --model no-such-model --in 5 --out 5", 2, "no-such-model"},
           Case{"plan --model /nowhere/config.json --in 5 --out 5", 1, "/nowhere/config.json"},
           Case{"plan --in 5 --out 5", 2, "--model is missing"},
           Case{"plan point --model llama-3.1-8b --chip h100_sxm --in 5 --out 5", 2,
                "give the load"},
           Case{"plan point --model llama-3.1-8b --in 5 --out 5 --concurrency 1", 2,
                "--chip is missing"},
           Case{kPoint + "--concurrency 0", 2, "--concurrency 0 is not allowed"},
           Case{kPoint + "--rate 100000", 1, "is all that it holds for sure"},
           Case{"plan point --model llama-3.1-405b --chip h100_sxm --concurrency 1 --in 9 --out 9",
                1, "more a chip are needed; it fits on"},
           Case{"plan point --model llama-3.1-8b --chip h100_sxm --tp 2 --count 3 --concurrency 1 "
                "--in 9 --out 9",
                2, "is no multiple"},
       }) {
    const Outcome outcome = run(c.arguments);
    EXPECT_EQ(outcome.code, c.code) << c.arguments << "\n" << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(c.sentence)) << c.arguments;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  }
}

TEST(Plan, WhyNamesWhatIsLeftOut) {
  const Outcome plan = run(kPlan + "--rate 20 --ttft 500ms --tpot 30ms --chips h100_sxm,t4 --why");
  EXPECT_EQ(plan.code, 0) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("t4 ("));
}

TEST(Plan, WhatIsShownIsSimulated) {
  const json found = json::parse(
      run(kPlan + "--rate 20 --ttft 500ms --tpot 30ms --chips h100_sxm,b200-hgx --json").out);
  const json& list = found["configurations"];
  ASSERT_FALSE(list.empty());
  for (const json& each : list) {
    if (each["frontier"].get<bool>()) {
      EXPECT_EQ(each["method"], "simulation") << each["rank"];
    }
    if (each["method"] == "simulation") {
      EXPECT_LE(each["ttft_ms"]["p95"].get<double>(), 500);
    }
  }
}

TEST(Plan, ChecksEachRunThatCanBePredictedAndNamesTheOthers) {
  const std::string file = scratch() + "/runs.csv";
  const std::string gpt = "openai/gpt-oss-120b,h100_sxm,vllm,fp4,1024,1024,8,";
  std::ofstream(file) << "id,model_path,system,backend,precision,isl,osl,tp_size,concurrency,"
                         "silicon_ttft_ms,silicon_tpot_ms,measured\n"
                      << "sound," << gpt << "32,65,5.77,2026-03-27\n"
                      << "script," << gpt << "512,22295,5.33,2025-12-05\n"
                      << "blank," << gpt << ",65,5.77,2026-03-27\n";
  const Outcome check = run("plan check " + file + " --json");
  ASSERT_EQ(check.code, 0) << check.err;
  const json found = json::parse(check.out);
  EXPECT_EQ(found["overall"]["rows"], 3);
  EXPECT_EQ(found["overall"]["predicted"], 2);
  EXPECT_EQ(found["overall_without_misstated"]["predicted"], 1);
  ASSERT_EQ(found["misstated"].size(), 1U);
  EXPECT_EQ(found["misstated"][0]["id"], "script");
  ASSERT_EQ(found["refused"].size(), 1U);
  EXPECT_EQ(found["refused"][0]["id"], "blank");
  EXPECT_LT(found["overall"]["tpot_mape"].get<double>(), 0.4);
}

}  // namespace
}  // namespace assay::test
