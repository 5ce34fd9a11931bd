// SPDX-License-Identifier: Apache-2.0
// libnvidia-ml.so.1 of nvml_sim as a C program sees it: by its symbols alone.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "sim/library_copy.hpp"

namespace assay::test {
namespace {

TEST(SimulatedLibrary, HasEverySymbolOfNvml) {
  LibraryCopy library;
#define ASSAY_NVML_CALL(symbol, ...) EXPECT_NE(library.address(#symbol), nullptr) << #symbol;
#define ASSAY_NVML_SAME(symbol, ...) EXPECT_NE(library.address(#symbol), nullptr) << #symbol;
#define ASSAY_NVML_DEVICE(symbol) EXPECT_NE(library.address(#symbol), nullptr) << #symbol;
#define ASSAY_NVML_OTHER(symbol) EXPECT_NE(library.address(#symbol), nullptr) << #symbol;
#include "assay/nvml_sim/calls.def"
#include "assay/nvml_sim/unsupported.def"
  for (const char* symbol : {"nvmlInit", "nvmlInit_v2", "nvmlInitWithFlags", "nvmlErrorString",
                             "nvmlSystemGetNVMLVersion"})
    EXPECT_NE(library.address(symbol), nullptr) << symbol;
}

TEST(SimulatedLibrary, UnsupportedFunctionsLookAtTheirDeviceFirst) {
  LibraryCopy library;
  const auto node = library.function<unsigned(void*, unsigned*)>("nvmlDeviceGetNumaNodeId");
  const auto bridge = library.function<unsigned(unsigned*)>("nvmlSystemGetHicVersion");
  unsigned out = 7;
  EXPECT_EQ(node(nullptr, &out), 1U) << "uninitialized";
  EXPECT_EQ(bridge(&out), 1U);
  library.start("one-thread");
  void* device = nullptr;
  ASSERT_EQ(
      library.function<unsigned(unsigned, void**)>("nvmlDeviceGetHandleByIndex_v2")(0, &device),
      0U);
  EXPECT_EQ(node(device, &out), 3U);
  EXPECT_EQ(node(nullptr, &out), 2U);
  EXPECT_EQ(node(&out, &out), 2U) << "a pointer to something else is no device";
  EXPECT_EQ(bridge(&out), 3U);
  EXPECT_EQ(out, 7U);
}

TEST(SimulatedLibrary, AnUnknownScenarioIsAMissingDriver) {
  LibraryCopy library;
  ::setenv("ASSAY_SIM_SCENARIO", "no-such-scenario", 1);
  testing::internal::CaptureStderr();
  EXPECT_EQ(library.function<unsigned()>("nvmlInit_v2")(), 9U);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("no-such-scenario"), std::string::npos);
  ::setenv("ASSAY_SIM_SCENARIO", "one-thread", 1);
  ::setenv("ASSAY_SIM_EPOCH", "yesterday", 1);
  testing::internal::CaptureStderr();
  EXPECT_EQ(library.function<unsigned()>("nvmlInit_v2")(), 9U);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("ASSAY_SIM_EPOCH"), std::string::npos);
  ::setenv("ASSAY_SIM_EPOCH", "-5000000000", 1);
  EXPECT_EQ(library.function<unsigned()>("nvmlInit_v2")(), 0U) << "begun before the host";
  ::unsetenv("ASSAY_SIM_EPOCH");
}

TEST(SimulatedLibrary, ProgramsThatNameTheSameEpochSeeOneDevice) {
  LibraryCopy one;
  LibraryCopy two;
  ::setenv("ASSAY_SIM_EPOCH", "1000000000", 1);
  one.start("decode");
  two.start("decode");
  ::unsetenv("ASSAY_SIM_EPOCH");
  const auto energy = [](const LibraryCopy& library) {
    unsigned long long millijoules = 0;
    EXPECT_EQ(library.function<unsigned(void*, unsigned long long*)>(
                  "nvmlDeviceGetTotalEnergyConsumption")(library.device(), &millijoules),
              0U);
    return millijoules;
  };
  const auto before = energy(one);
  const auto between = energy(two);
  const auto after = energy(one);
  EXPECT_GT(before, 1000U) << "the scenario has run since the host started";
  EXPECT_LE(before, between);
  EXPECT_LE(between, after);
}

}  // namespace
}  // namespace assay::test
