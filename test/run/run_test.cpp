// SPDX-License-Identifier: Apache-2.0
// `assay run` as its user sees it, around jobs of every temper.
#include <gmock/gmock.h>

#include <sys/wait.h>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "cli/program.hpp"

namespace assay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string kCupti = "ASSAY_CUPTI=" ASSAY_FAKE_CUPTI;

Outcome job(const std::string& words, const std::string& options = "",
            const std::string& environment = "") {
  return run("run " + options + " -- '" ASSAY_FAKE_JOB "' " + words, kCupti + " " + environment);
}

json report_of(const std::string& words, const std::string& options = "",
               const std::string& environment = "") {
  const Outcome outcome = job(words, "--json " + options, environment);
  const json report =
      json::parse(outcome.out.substr(outcome.out.find("{\"schema\":\"assay.run/1\"")));
  EXPECT_EQ(report["exit_code"], outcome.code);
  return report;
}

bool misses(const json& report, const std::string& what) {
  return std::ranges::any_of(report["missing"], [&](const json& sentence) {
    return sentence.get<std::string>().find(what) != std::string::npos;
  });
}

bool left_behind() {
  for (const char* base : {"/dev/shm", "/tmp"})
    for (const auto& entry : std::filesystem::directory_iterator(base))
      if (entry.path().filename().string().starts_with("assay-tracer-") &&
          std::filesystem::is_empty(entry.path()))
        return true;
  return false;
}

TEST(Run, TracesKernelsAndCopiesAndKeepsTheExitCode) {
  const json report = report_of("launch 1000 small 500 graph 20 copy 3 exit 7");
  EXPECT_EQ(report["exit_code"], 7);
  EXPECT_EQ(report["trace"]["launches"], 1520);
  EXPECT_EQ(report["trace"]["lost"], 0);
  EXPECT_EQ(report["trace"]["copies"]["host-to-device"]["bytes"], 3.0 * (1 << 20));
  ASSERT_EQ(report["kernels"].size(), 3U);
  const json& worst = report["kernels"][0];
  EXPECT_EQ(worst["readable"], "void net::tiny<float>(float*)");
  EXPECT_EQ(worst["launches"], 500);
  EXPECT_NEAR(worst["wasted_s"].get<double>(), 500e-6 * 131 / 132, 1e-12);
  EXPECT_NEAR(worst["gap_s"].get<double>(), 500e-6, 60e-6);
  EXPECT_EQ(
      std::ranges::count_if(report["kernels"], [](const json& k) { return k["in_graph"] == true; }),
      1);
  EXPECT_TRUE(report["trace"]["processes"][0]["ended"]);
  EXPECT_FALSE(misses(report, "kernels"));
  EXPECT_TRUE(misses(report, "devices: "));
  EXPECT_TRUE(report["energy_j"].is_null());
  EXPECT_FALSE(left_behind());
}

TEST(Run, ThreadsProcessesAndExec) {
  EXPECT_EQ(report_of("threads 8 1000")["trace"]["launches"], 8000);
  // A child of a process that has CUDA up already can't use it: it is left alone, and does no harm.
  EXPECT_EQ(report_of("fork sleep 20 launch 10")["trace"]["launches"], 10);
  const json both = report_of("later fork again launch 10");
  EXPECT_EQ(both["trace"]["launches"], 20);
  EXPECT_EQ(both["trace"]["processes"].size(), 2U);
  const json became = report_of("launch 5 sleep 1000 exec launch 7");
  EXPECT_EQ(became["trace"]["launches"], 12);
  EXPECT_TRUE(misses(became, "became another program"));
  const Outcome shell = run("run --json -- sh -c '\"" ASSAY_FAKE_JOB
                            "\" launch 3 & \"" ASSAY_FAKE_JOB "\" launch 4; wait'",
                            kCupti);
  EXPECT_EQ(json::parse(shell.out)["trace"]["launches"], 7);
}

TEST(Run, RanksAsMpiStartsThem) {
  const Outcome ranks = run(
      "run --json -- sh -c 'for rank in 0 1 2 3; do OMPI_COMM_WORLD_RANK=$rank \"" ASSAY_FAKE_JOB
      "\" later again launch 100 sleep 100 & done; wait'",
      kCupti);
  const json report = json::parse(ranks.out);
  EXPECT_EQ(report["trace"]["launches"], 400);
  EXPECT_EQ(report["trace"]["processes"].size(), 4U);
  EXPECT_EQ(report["trace"]["devices"].size(), 1U) << "one device, whoever used it";
  ASSERT_EQ(report["kernels"].size(), 1U) << "one kernel, whoever launched it";
  EXPECT_EQ(report["kernels"][0]["launches"], 400);
}

TEST(Run, AChildThatDropsTheEnvironmentIsNotTracedAndDoesNoHarm) {
  const Outcome bare = run("run --json -- env -i '" ASSAY_FAKE_JOB "' launch 10 exit 6", kCupti);
  EXPECT_EQ(bare.code, 6);
  const json report = json::parse(bare.out);
  EXPECT_EQ(report["trace"]["launches"], 0);
  EXPECT_TRUE(misses(report, "kernels: no process of the command started CUDA"));
}

TEST(Run, HardEndsKeepTheirCodesAndWhatWasHandedOver) {
  EXPECT_EQ(report_of("launch 5 quit 3")["exit_code"], 3);
  const json killed = report_of("launch 5 sleep 1000 kill 9");
  EXPECT_EQ(killed["exit_code"], 137);
  EXPECT_EQ(killed["trace"]["launches"], 5);
  EXPECT_TRUE(misses(killed, "it was killed"));
  // Before CUDA is up (as Python's subprocess does) or after, standard streams too.
  EXPECT_EQ(report_of("close 3 launch 10")["trace"]["launches"], 10);
  EXPECT_EQ(report_of("later close 3 again launch 10")["trace"]["launches"], 10);
  EXPECT_EQ(report_of("later close 0 again launch 10")["trace"]["launches"], 10);
}

TEST(Run, ADaemonIsNotWaitedFor) {
  const json report = report_of("later daemon again launch 10 sleep 6000");
  EXPECT_LT(report["wall_s"].get<double>(), 5);
  EXPECT_EQ(report["exit_code"], 0);
}

TEST(Run, FailsOpenWhateverIsWrongInTheJob) {
  const auto untraced = [](const std::string& environment, const std::string& why) {
    const json report = report_of("launch 10 exit 4", "", environment);
    EXPECT_EQ(report["exit_code"], 4) << environment;
    EXPECT_EQ(report["trace"]["launches"], 0) << environment;
    EXPECT_TRUE(misses(report, why)) << environment << report["missing"];
  };
  untraced("FAKE_CUPTI_CRASH=1", "got signal 6");
  untraced("FAKE_CUPTI_VERSION=29", "version 29");
  untraced("FAKE_CUPTI_ENABLE=39", "MULTIPLE_SUBSCRIBERS");
  untraced("ASSAY_CUPTI=/nonexistent/libcupti.so", "/nonexistent/libcupti.so");
  untraced("CUDA_INJECTION64_PATH=/own.so", "CUDA_INJECTION64_PATH is set already");
  const json preloaded = report_of("launch 10", "", "LD_PRELOAD=" ASSAY_FAKE_CUPTI);
  EXPECT_EQ(preloaded["trace"]["launches"], 10);
}

// Limits that the job runs under, and a full /dev/shm, make the ring smaller or take it away; they
// never end the job.
TEST(Run, FailsOpenWhereTheJobsLimitsAreLow) {
  struct Limited {
    const char* limit;
    int launches;
    const char* why;
  };
  for (const auto& [limit, launches, why] :
       {Limited{"ulimit -f 1000", 7, "(ulimit -f): what comes faster"},
        Limited{"ulimit -f 0", 0, "no ring could be made for its records: the process's limit on"},
        Limited{"ulimit -v 24000", 0, "no address space"}}) {
    const Outcome outcome = run(std::string("run --json -- bash -c '") + limit +
                                    "; exec \"" ASSAY_FAKE_JOB "\" launch 7 exit 3'",
                                kCupti);
    EXPECT_EQ(outcome.code, 3) << limit;
    const json report = json::parse(outcome.out);
    EXPECT_EQ(report["exit_code"], 3) << limit;
    EXPECT_EQ(report["trace"]["launches"], launches) << limit;
    EXPECT_TRUE(misses(report, "kernels of fake-cuda-job (")) << limit << report["missing"];
    EXPECT_TRUE(misses(report, why)) << limit << report["missing"];
  }
}

TEST(Run, FailsOpenOnAFullSharedMemory) {
  const std::string alone = "unshare --user --map-root-user --mount sh -c ";
  if (std::system((alone + "'mount -t tmpfs -o size=64k none /dev/shm' 2>/dev/null").c_str()) != 0)
    GTEST_SKIP() << "no namespace of its own can be had here";
  for (const auto& [size, launches] : {std::pair("640k", 7), std::pair("4k", 0)}) {
    const std::string file = scratch() + "/full.json";
    const int status = std::system((kCupti + " " + alone + "'mount -t tmpfs -o size=" + size +
                                    " none /dev/shm && exec \"" ASSAY_BINARY
                                    "\" run --json -- \"" ASSAY_FAKE_JOB "\" launch 7 exit 3' > " +
                                    file)
                                       .c_str());
    EXPECT_EQ(WEXITSTATUS(status), 3) << size;
    std::ifstream in(file);
    const json report = json::parse(in);
    EXPECT_EQ(report["trace"]["launches"], launches) << size;
    EXPECT_TRUE(misses(report, "a full file system")) << report["missing"];
  }
}

TEST(Run, AHangingCuptiDelaysTheEndByTwoSecondsOnly) {
  const json report = report_of("launch 10 exit 4", "", "FAKE_CUPTI_HANG=1");
  EXPECT_EQ(report["exit_code"], 4);
  EXPECT_LT(report["wall_s"].get<double>(), 10);
}

TEST(Run, AFullRingLosesAndCounts) {
  const json report = report_of("launch 100000", "", "ASSAY_TRACE_RING_SLOTS=64");
  const auto got = report["trace"]["launches"].get<int>();
  EXPECT_EQ(got + report["trace"]["lost"].get<int>(), 100000);
  EXPECT_GT(report["trace"]["lost"], 0);
  EXPECT_TRUE(misses(report, "records were lost"));
}

TEST(Run, KernelsThatCantHaveBegunThenAreNoKernels) {
  const json report = report_of("graph 10 stale 5");
  EXPECT_EQ(report["trace"]["launches"], 10);
  EXPECT_EQ(report["trace"]["lost"], 5);
  EXPECT_LT(report["kernels"][0]["total_s"], 1);
}

TEST(Run, FindsCuptiInCudaHome) {
  const std::string home = std::filesystem::path(ASSAY_FAKE_CUPTI).parent_path().parent_path();
  const json report = report_of("exit 0", "", "ASSAY_CUPTI= CUDA_HOME=" + home);
  EXPECT_EQ(report["trace"]["processes"][0]["cupti"], ASSAY_FAKE_CUPTI);
}

TEST(Run, WithoutCudaTheCommandRunsAndTheReportSaysSo) {
  for (const char* command : {"true", ASSAY_STATIC_JOB}) {
    const Outcome outcome = run(std::string("run -- '") + command + "'");
    EXPECT_EQ(outcome.code, std::string(command) == "true" ? 0 : 9);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("missing: kernels: no process"));
  }
}

TEST(Run, HelpHasAnExample) { EXPECT_THAT(run("run --help").out, HasSubstr("Example:")); }

TEST(Run, StartFailuresAreTheShells) {
  EXPECT_EQ(run("run -- no-such-program-anywhere").code, 127);
  EXPECT_EQ(run("run -- /etc").code, 126);
  EXPECT_EQ(run("run").code, 2);
  EXPECT_EQ(run("run --tokens-from '(' -- true").code, 2);
  for (const char* wrong :
       {"--flops -1", "--flops nan", "--tokens nan", "--tokens 0", "--tokens inf", "--top 0",
        "--top -1", "--trace x -o ./x", "--model nosuch --tokens 5"}) {
    const Outcome outcome = run(std::string("run ") + wrong + " -- touch " + scratch() + "/ran");
    EXPECT_NE(outcome.code, 0) << wrong;
    EXPECT_NE(outcome.err, "") << wrong;
    EXPECT_LT(outcome.err.size(), 300U) << wrong;
    EXPECT_FALSE(std::filesystem::exists(scratch() + "/ran")) << wrong;
  }
  EXPECT_EQ(run("run --tokens nan -- true").code, 2);
  EXPECT_EQ(run("run --trace /nonexistent/t.json -- true").code, 1);
}

TEST(Run, TheCommandsExitCodeIsKeptWhereTheReportIsLost) {
  const auto into_full = [](const std::string& code) {
    return WEXITSTATUS(
        std::system(("ASSAY_NVML=/nonexistent '" ASSAY_BINARY "' run --json -- sh -c 'exit " +
                     code + "' >/dev/full 2>/dev/null")
                        .c_str()));
  };
  EXPECT_EQ(into_full("3"), 3);
  EXPECT_EQ(into_full("5"), 5);
  EXPECT_EQ(into_full("0"), 1);
}

TEST(Run, SignalsReachTheCommand) {
  EXPECT_EQ(run("run -- sh -c 'trap \"exit 9\" USR1; kill -USR1 $PPID; sleep 5 & wait'").code, 9);
  EXPECT_EQ(run("run -- sh -c 'kill -TERM $PPID; sleep 5 & wait'").code, 128 + 15);
}

TEST(Run, TheCommandsOutputIsItsOwn) {
  const Outcome plain = job("print hello");
  EXPECT_EQ(plain.out, "hello\n");
  const json report =
      report_of("print 'tokens: 1,000' print 'tokens: 24'", "--tokens-from 'tokens: ([0-9,]+)'");
  EXPECT_EQ(report["tokens"], 1024.0);
  EXPECT_TRUE(misses(report_of("print x", "--tokens-from 'tokens'"), "tokens: no line"));
}

TEST(Run, MeasuresDevicesAndDollarsBeside) {
  const json report = report_of(
      "launch 100 sleep 300", "--sim one-thread --period 100ms --price 2 --tokens 1e6 --flops 1e9");
  const json& device = report["snapshot"]["devices"][0];
  EXPECT_EQ(report["snapshot"]["origin"]["kind"], "simulation");
  EXPECT_NEAR(device["ladder"]["sm_active"]["value"].get<double>(), 1.0 / 80, 0.001);
  const double wall = report["wall_s"].get<double>();
  EXPECT_NEAR(report["usd"].get<double>(), 2 * wall / 3600, 1e-9);
  EXPECT_NEAR(report["usd_per_million_tokens"].get<double>(), report["usd"].get<double>(), 1e-12);
  // 125 TFLOP/s of fp16 on a V100.
  EXPECT_NEAR(device["ladder"]["useful"]["value"].get<double>() * wall * 125e12, 1e9, 1e8);
  // One thread on a V100: between idle and the limit, for as long as the dollars are counted.
  const double power = device["readings"]["power"]["value"];
  EXPECT_NEAR(report["energy_j"].get<double>(), power * wall, 0.05 * power * wall);
}

TEST(Run, WritesATraceAndARecording) {
  const std::string trace = scratch() + "/t.json";
  const std::string file = scratch() + "/r.assay";
  const std::string options = "--sim one-thread --period 100ms --trace " + trace + " -o " + file;
  ASSERT_EQ(job("launch 50 sleep 200", options).code, 0);
  std::ifstream in(trace);
  const json events = json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  EXPECT_EQ(events["traceEvents"].size(), 51U);
  EXPECT_EQ(run("replay --json " + file).code, 0);
  EXPECT_EQ(job("launch 1", options).code, 2) << "nothing is overwritten unasked";
  EXPECT_EQ(job("launch 1 exit 3", options + " --force").code, 3);
}

TEST(Run, WholeGraphsAreAskedForOnceAndNeverInBursts) {
  const json report = report_of("graph 10 sleep 300 launch 5 exit 3", "--graph-level");
  EXPECT_EQ(report["exit_code"], 3);
  EXPECT_EQ(report["trace"]["launches"], 15);
  EXPECT_TRUE(misses(report_of("graph 1000"), "the job's own speed"));
  EXPECT_FALSE(misses(report_of("launch 1000"), "the job's own speed"));
  const Outcome both = job("exit 0", "--graph-level --sample");
  EXPECT_EQ(both.code, 2);
  EXPECT_THAT(both.err, HasSubstr("--sample"));
  // Whoever sets the environment by hand.
  EXPECT_EQ(report_of("launch 5 sleep 300 exit 3", "--graph-level",
                      "ASSAY_TRACE_BURST_MS=5/20")["exit_code"],
            3);
}

TEST(Run, BurstsAreScaledUp) {
  // A slow start with nothing launched, as CUDA's own, must not count against the rest.
  const json report = report_of("sleep 400 steady 4000", "--sample");
  EXPECT_GE(report["trace"]["bursts"].get<int>(), 4);
  const double scale = report["trace"]["scale"];
  EXPECT_GT(scale, 4);
  EXPECT_NEAR(scale * report["trace"]["launches"].get<double>(), 4000, 800);
  const json& kernel = report["kernels"][0];
  EXPECT_NEAR(kernel["estimated_launches"], 4000, 800);
  // The job launches until it ends: the far end of what the error bar allows for.
  const double each_s =
      kernel["estimated_total_s"].get<double>() / kernel["estimated_launches"].get<double>();
  const double off_s = (kernel["estimated_launches"].get<double>() - 4000) * each_s;
  EXPECT_LE(std::abs(off_s), 3 * kernel["total_error_s"].get<double>() + 0.01 * 4000 * each_s);
}

TEST(Run, BurstsThatMetNothingSayWhatIsNotKnown) {
  const json report = report_of("sleep 300", "--sample");
  EXPECT_EQ(report["trace"]["launches"], 0);
  EXPECT_THAT(report["missing"].dump(), testing::HasSubstr("no burst of --sample met a launch"));
}

}  // namespace
}  // namespace assay::test
