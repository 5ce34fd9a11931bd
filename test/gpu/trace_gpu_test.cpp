// SPDX-License-Identifier: Apache-2.0
// `assay run` around the lab's kernels on a real device: what the tracer says of a kernel that is
// known beforehand. No figure of a certain chip is expected. ASSAY_CUPTI names the library where
// the tracer would not find one.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace assay {
namespace {

using nlohmann::json;

std::string beside_us(const std::string& program) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / program;
}

std::string output_of(const std::string& command) {
  std::string text;
  std::FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), n);
  pclose(pipe);
  return text;
}

// What the lab itself says of a run of one kernel, and what the trace says of the same run.
struct Seen {
  json lab;
  json trace;
};

std::optional<Seen> run_lab(const std::string& kernel, const std::string& options = "") {
  const std::string out = output_of("'" + beside_us("assay") + "' run --json " + options + " -- '" +
                                    beside_us("assay-lab-one") + "' " + kernel + " 1");
  const std::size_t lab = out.find("{\"kernel\"");
  const std::size_t report = out.find("{\"schema\":\"assay.run/1\"");
  if (lab == std::string::npos || report == std::string::npos) return std::nullopt;
  return Seen{json::parse(out.substr(lab, out.find('\n', lab) - lab)),
              json::parse(out.substr(report))};
}

class TraceOnDevice : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(beside_us("assay")) ||
        !std::filesystem::exists(beside_us("assay-lab-one")))
      GTEST_SKIP() << "assay or assay-lab-one is not beside this test";
    constexpr int kNothingToMeasure = 3;
    const int status = std::system(
        ("'" + beside_us("assay-lab-one") + "' one-thread 0.01 >/dev/null 2>&1").c_str());
    if (WIFEXITED(status) && WEXITSTATUS(status) == kNothingToMeasure)
      GTEST_SKIP() << "no accelerator here";
  }
};

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
  EXPECT_GE(trace["bursts"].get<int>(), 2);
  EXPECT_NEAR(estimate / seen->lab["launches"].get<double>(), 1, 0.5);
}

}  // namespace
}  // namespace assay
