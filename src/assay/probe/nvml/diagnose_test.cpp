// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/diagnose.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assay/probe/nvml/codes.hpp"
#include "assay/probe/nvml/fake_nvml.hpp"

namespace assay::probe::nvml {
namespace {

class DiagnoseTest : public testing::Test {
 protected:
  DiagnoseTest() {
    std::filesystem::create_directories(root_ + "/proc/driver/nvidia");
    std::filesystem::create_directories(root_ + "/dev");
    std::ofstream(root_ + "/proc/driver/nvidia/version") << "NVRM version: 580.159.03\nGCC";
    params("RmProfilingAdminOnly: 0\n");
    std::ofstream(root_ + "/dev/nvidia0") << "";
    std::ofstream(root_ + "/dev/nvidiactl") << "";
  }
  ~DiagnoseTest() override { std::filesystem::remove_all(root_); }
  void params(const std::string& text) {
    std::ofstream(root_ + "/proc/driver/nvidia/params") << text;
  }
  Finding find(const std::string& what) {
    for (const Finding& finding : diagnose({&nvml_, "/lib/libnvidia-ml.so.1", ""}, root_))
      if (finding.what == what) return finding;
    ADD_FAILURE() << "no finding about " << what;
    return {};
  }
  std::string root_ = testing::TempDir() + "assay_diagnose";
  FakeNvml nvml_;
};

TEST_F(DiagnoseTest, AHealthyHostHasNothingToMend) {
  for (const Finding& f : diagnose({&nvml_, "/lib/libnvidia-ml.so.1", ""}, root_)) {
    EXPECT_EQ(f.verdict, Verdict::ok) << f.what << ": " << f.text;
    EXPECT_EQ(f.remedy, "") << f.what;
    EXPECT_FALSE(f.text.empty()) << f.what;
  }
  EXPECT_THAT(find("device 0").text, testing::HasSubstr("132 SMs"));
  EXPECT_THAT(find("nvml start").text, testing::HasSubstr("580.159.03"));
}

TEST_F(DiagnoseTest, NoDriverAnywhere) {
  const auto findings = diagnose({nullptr, "", "can't load it"}, "/nonexistent");
  EXPECT_GE(std::ranges::count(findings, Verdict::fail, &Finding::verdict), 3);
  for (const Finding& f : findings)
    if (f.verdict == Verdict::fail) {
      EXPECT_FALSE(f.remedy.empty()) << f.what;
    }
}

TEST_F(DiagnoseTest, EachInitCodeIsExplained) {
  for (const CodeInfo& row : all_codes()) {
    if (row.code == Return::success) continue;
    nvml_.inject(Call::init, row.code);
    const Finding finding = find("nvml start");
    EXPECT_EQ(finding.verdict, Verdict::fail);
    EXPECT_THAT(finding.text, testing::HasSubstr(std::string(row.sentence)));
  }
}

TEST_F(DiagnoseTest, OldChipsLackGpmButWork) {
  nvml_.change(0, [](FakeDevice& d) { d.gpm = false; });
  const Finding finding = find("hardware counters of device 0");
  EXPECT_EQ(finding.verdict, Verdict::warn);
  EXPECT_THAT(finding.text, testing::HasSubstr("Hopper"));
}

TEST_F(DiagnoseTest, PersistenceOffIsSaidAndLeftAlone) {
  nvml_.change(0, [](FakeDevice& d) { d.persistence = false; });
  EXPECT_EQ(find("persistence of device 0").verdict, Verdict::warn);
}

TEST_F(DiagnoseTest, ProfilingForRootAlone) {
  params("RmProfilingAdminOnly: 1\n");
  EXPECT_THAT(find("profiling permission").text, testing::HasSubstr("root"));
}

TEST_F(DiagnoseTest, ALostDeviceIsNamed) {
  nvml_.lose(0);
  const Finding finding = find("device 0");
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_THAT(finding.text, testing::HasSubstr("fell off the bus"));
}

TEST_F(DiagnoseTest, NeverFailsWhateverACallAnswers) {
  for (std::size_t i = 0; i < kCallCount; ++i)
    for (const CodeInfo& row : all_codes()) {
      nvml_.inject(static_cast<Call>(i), row.code);
      EXPECT_FALSE(diagnose({&nvml_, "x", ""}, root_).empty());
      nvml_.inject(static_cast<Call>(i), Return::success);
    }
}

TEST(Diagnose, IsQuickWithoutADriver) {
  const auto began = std::chrono::steady_clock::now();
  diagnose({nullptr, "", "none"}, "");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(20));
}

}  // namespace
}  // namespace assay::probe::nvml
