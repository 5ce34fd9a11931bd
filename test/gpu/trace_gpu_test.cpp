// SPDX-License-Identifier: Apache-2.0
// `assay run` around the lab's kernels on a real device: what the tracer says of a kernel that is
// known beforehand. No figure of a certain chip is expected. ASSAY_CUPTI names the library where
// the tracer would not find one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "gpu/beside.hpp"
#include "gpu/table.hpp"

namespace assay::test {
namespace {

using nlohmann::json;

// What the lab itself says of a run of one kernel, and what the trace says of the same run.
struct Seen {
  json lab;
  json trace;
};

// The report of a job whose last process runs one kernel of the lab and says so.
std::optional<Seen> run_job(const std::string& command, const std::string& options) {
  const std::string out = output_of(quoted("assay") + " run --json " + options + " -- " + command);
  const std::size_t lab = out.find("{\"kernel\"");
  const std::size_t report = out.find("{\"schema\":\"assay.run/1\"");
  if (lab == std::string::npos || report == std::string::npos) return std::nullopt;
  return Seen{json::parse(out.substr(lab, out.find('\n', lab) - lab)),
              json::parse(out.substr(report))};
}

std::optional<Seen> run_lab(const std::string& kernel, const std::string& options = "",
                            int seconds = 1) {
  return run_job(quoted("assay-lab-one") + " " + kernel + " " + std::to_string(seconds), options);
}

class TraceOnDevice : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = no_device(); !why.empty()) GTEST_SKIP() << why;
  }
};

// fp32 work may be divergent lanes for all that NVML and the trace can tell; tensor work can't.
TEST_F(TraceOnDevice, LanesAreLookedAtWhereTheyAreTheQuestion) {
  // A look is taken once the trace has told of a kernel, and it tells of one that has ended.
  const std::string twice = "sh -c '\"$0\" fp32-fma 1 >&2; exec \"$0\" fp32-fma 3' ";
  const auto fp32 = run_job(twice + quoted("assay-lab-one"), "--period 100ms");
  ASSERT_TRUE(fp32);
  const json& looks = fp32->trace["microscope"];
  ASSERT_EQ(looks.size(), 1U) << fp32->trace["missing"];
  EXPECT_GT(looks[0]["lanes"], 0.98);
  EXPECT_GT(looks[0]["issue"], 0.3);
  for (const json& finding : fp32->trace["snapshot"]["devices"][0]["findings"])
    EXPECT_EQ(finding["or_else"].dump().find("divergent"), std::string::npos) << finding;
  const auto spared = run_lab("fp32-fma", "--period 100ms --no-scope", 2);
  ASSERT_TRUE(spared);
  EXPECT_TRUE(spared->trace["microscope"].empty());
  const auto tensor = run_lab("tensor", "--period 100ms", 2);
  ASSERT_TRUE(tensor);
  EXPECT_TRUE(tensor->trace["microscope"].empty()) << "the counters were taken unasked";
}

TEST_F(TraceOnDevice, TheOneThreadKernelLeavesAllSmsButOneEmpty) {
  const auto seen = run_lab("one-thread");
  ASSERT_TRUE(seen);
  const json& trace = seen->trace;
  ASSERT_FALSE(trace["kernels"].empty()) << trace["missing"];
  const json& worst = trace["kernels"][0];
  const json& device = trace["trace"]["devices"][worst["device"].get<std::size_t>()];
  const double sms = device["sm_count"].get<double>();
  EXPECT_EQ(worst["grid"], json({1, 1, 1}));
  EXPECT_EQ(worst["block"], json({1, 1, 1}));
  EXPECT_NEAR(worst["fill"]["empty_sms"].get<double>(), 1 - 1 / sms, 1e-9);
  EXPECT_NEAR(worst["total_s"].get<double>(), seen->lab["seconds"].get<double>(), 0.15);
  EXPECT_EQ(device["uuid"], trace["snapshot"]["devices"][0]["uuid"]) << "NVML's and CUDA's agree";
  EXPECT_EQ(device["sm_count"], trace["snapshot"]["devices"][0]["sm_count"]);
  EXPECT_EQ(trace["trace"]["lost"], 0);
  EXPECT_TRUE(trace["trace"]["processes"][0]["ended"]);
}

TEST_F(TraceOnDevice, EveryTinyLaunchIsCounted) {
  const auto seen = run_lab("tiny-kernels");
  ASSERT_TRUE(seen);
  const auto launched = seen->lab["launches"].get<std::int64_t>();
  const auto traced = seen->trace["trace"]["launches"].get<std::int64_t>();
  const auto lost = seen->trace["trace"]["lost"].get<std::int64_t>();
  // The lab also launches a few to warm up and to measure.
  EXPECT_GE(traced + lost, launched);
  EXPECT_LE(traced + lost, launched + launched / 10 + 1000);
  EXPECT_EQ(lost, 0);
  Table::of_this_program().add({"tiny launches, all traced",
                                fmt::format("{} of {}, {} lost", traced, launched, lost),
                                "each, none lost"});
}

TEST_F(TraceOnDevice, CopiesHaveTheirBytes) {
  const auto seen = run_lab("h2d-copy");
  ASSERT_TRUE(seen);
  EXPECT_GT(seen->trace["trace"]["copies"]["host-to-device"]["bytes"].get<double>(), 1e6)
      << seen->trace["missing"];
}

TEST_F(TraceOnDevice, BurstsEstimateTheWhole) {
  const auto seen = run_lab("tiny-kernels", "--sample");
  ASSERT_TRUE(seen);
  const json& trace = seen->trace["trace"];
  const double estimate = trace["launches"].get<double>() * trace["scale"].get<double>();
  const auto launched = seen->lab["launches"].get<double>();
  Table::of_this_program().add(
      {"--sample of a second of tiny launches",
       fmt::format("{:.0f} estimated of {:.0f}, from {} bursts that saw 1 of {:.1f}", estimate,
                   launched, trace["bursts"].get<int>(), trace["scale"].get<double>()),
       "within 10 %"});
  EXPECT_GE(trace["bursts"].get<int>(), 2);
  EXPECT_NEAR(estimate / launched, 1, 0.1);
}

}  // namespace
}  // namespace assay::test
