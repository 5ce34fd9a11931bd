// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/dl_nvml.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assay/probe/nvml/codes.hpp"

namespace assay::probe::nvml {
namespace {

using testing::HasSubstr;

class DlNvmlTest : public testing::Test {
 protected:
  DlNvmlTest() {
    auto opened = DlNvml::open(ASSAY_STUB_NVML);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    nvml_ = *std::move(opened);
    EXPECT_EQ(nvml_->init(), Return::success);
    EXPECT_EQ(nvml_->device_by_index(0, device_), Return::success);
  }
  std::shared_ptr<DlNvml> nvml_;
  Device device_ = nullptr;
};

TEST_F(DlNvmlTest, FindsOlderNames) {
  EXPECT_TRUE(nvml_->has(Call::init));  // nvmlInit, without a suffix
  std::uint64_t bits = 0;
  EXPECT_EQ(nvml_->throttle_reasons(device_, bits), Return::success);
  EXPECT_EQ(bits, 4U);
  EXPECT_THAT(nvml_->path(), HasSubstr("stub_nvml"));
}

TEST_F(DlNvmlTest, WhatTheLibraryLacksIsFunctionNotFound) {
  bool supported = true;
  EXPECT_EQ(nvml_->gpm_support(device_, supported), Return::function_not_found);
  abi::MemoryV2 memory{};
  EXPECT_EQ(nvml_->memory_v2(device_, memory), Return::function_not_found);
  std::string version;
  EXPECT_EQ(nvml_->nvml_version(version), Return::function_not_found);
  std::vector<abi::GpmMetric> metrics(3);
  EXPECT_EQ(nvml_->gpm_metrics_get(nullptr, nullptr, metrics), Return::function_not_found);
}

TEST_F(DlNvmlTest, PassesValuesThrough) {
  unsigned milliwatts = 0;
  EXPECT_EQ(nvml_->power(device_, milliwatts), Return::success);
  EXPECT_EQ(milliwatts, 123456U);
  std::string driver;
  EXPECT_EQ(nvml_->driver_version(driver), Return::success);
  EXPECT_EQ(driver, "535.54.03");
  abi::MemoryV1 memory{};
  EXPECT_EQ(nvml_->memory_v1(device_, memory), Return::success);
  EXPECT_EQ(memory.used, 40U);
  EXPECT_EQ(nvml_->device_by_index(9, device_), Return::invalid_argument);
}

TEST_F(DlNvmlTest, ReadsProcessEntriesOf32BytesRight) {
  std::vector<abi::ProcessInfo> buffer(2);
  unsigned count = 0;
  EXPECT_EQ(nvml_->processes(device_, ProcessKind::compute, buffer, count),
            Return::insufficient_size);
  EXPECT_EQ(count, 3U);
  buffer.resize(5);
  EXPECT_EQ(nvml_->processes(device_, ProcessKind::compute, buffer, count), Return::success);
  ASSERT_EQ(count, 3U);
  for (unsigned i = 0; i < count; ++i) {
    EXPECT_EQ(buffer[i].pid, 100 + i);
    EXPECT_EQ(buffer[i].used_memory, 1000 * (i + 1));
  }
}

TEST_F(DlNvmlTest, RefusesMoreMetricsThanItHasRoomFor) {
  std::vector<abi::GpmMetric> metrics(abi::kGpmEntries + 1);
  EXPECT_EQ(nvml_->gpm_metrics_get(nullptr, nullptr, metrics), Return::invalid_argument);
}

TEST(DlNvmlOpen, NoLibraryIsNothingToMeasure) {
  const auto opened = DlNvml::open("/nonexistent/libnvidia-ml.so.1");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::nothing_to_measure);
  EXPECT_THAT(opened.error().message, HasSubstr("/nonexistent/libnvidia-ml.so.1"));
}

TEST(DlNvmlOpen, AnotherLibraryIsNotTakenForNvml) {
  const auto opened = DlNvml::open("libm.so.6");
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message, HasSubstr("no NVML library"));
}

TEST(DlNvmlOpen, TheEnvironmentNamesTheLibrary) {
  ASSERT_EQ(::setenv("ASSAY_NVML", ASSAY_STUB_NVML, 1), 0);
  const auto opened = DlNvml::open();
  ::unsetenv("ASSAY_NVML");
  ASSERT_TRUE(opened.ok());
  EXPECT_THAT((*opened)->path(), HasSubstr("stub_nvml"));
}

// NVIDIA's own library on a machine without its kernel driver: a true negative. CTest sets the
// path in the test real_nvml_without_driver, having fetched the library.
TEST(RealNvml, WithoutADriverSaysSo) {
  const char* path = std::getenv("ASSAY_REAL_NVML");
  if (path == nullptr || *path == '\0') GTEST_SKIP() << "ASSAY_REAL_NVML names no library";
  const auto opened = DlNvml::open(path);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  for (std::size_t i = 0; i < kCallCount; ++i)
    EXPECT_TRUE((*opened)->has(static_cast<Call>(i))) << to_string(static_cast<Call>(i));
  const Return code = (*opened)->init();
  if (code == Return::success) GTEST_SKIP() << "this machine has a driver";
  EXPECT_EQ(code, Return::driver_not_loaded);
  EXPECT_EQ(error_of(code, Call::init).code, ErrorCode::nothing_to_measure);
}

}  // namespace
}  // namespace assay::probe::nvml
