// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assay/lab/cublas.hpp"
#include "assay/lab/cuda_error.hpp"
#include "assay/lab/device_choice.hpp"

namespace assay::lab {
namespace {

using testing::HasSubstr;

TEST(Driver, AbsentMeansNothingToMeasure) {
  const auto driver = Driver::load("libcuda-that-is-not-there.so.1");
  ASSERT_FALSE(driver.ok());
  EXPECT_EQ(driver.error().code, ErrorCode::nothing_to_measure);
  EXPECT_THAT(driver.error().message, HasSubstr("libcuda-that-is-not-there.so.1"));
  EXPECT_THAT(driver.error().message, HasSubstr("install the NVIDIA driver"));
}

TEST(Driver, ALibraryWithoutTheCallsIsRefused) {
  const auto driver = Driver::load("libm.so.6");
  ASSERT_FALSE(driver.ok());
  EXPECT_EQ(driver.error().code, ErrorCode::version_refused);
  EXPECT_THAT(driver.error().message, HasSubstr("libm.so.6 has no cuInit"));
}

TEST(CudaError, SaysStepNameCodeAndRemedy) {
  const Error error = cuda_error("allocating 4.0 MiB", 2, "CUDA_ERROR_OUT_OF_MEMORY");
  EXPECT_EQ(error.code, ErrorCode::not_supported);
  EXPECT_EQ(error.message,
            "allocating 4.0 MiB failed with CUDA_ERROR_OUT_OF_MEMORY (2): the device is out of "
            "memory; stop other processes on it (nvidia-smi lists them)");
}

TEST(CudaError, CodesMapToWhatTheCallerBranchesOn) {
  EXPECT_EQ(cuda_error("x", 100, "").code, ErrorCode::nothing_to_measure);
  EXPECT_EQ(cuda_error("x", 34, "").code, ErrorCode::nothing_to_measure);
  EXPECT_EQ(cuda_error("x", 46, "").code, ErrorCode::no_permission);
  EXPECT_EQ(cuda_error("x", 222, "").code, ErrorCode::version_refused);
  EXPECT_EQ(cuda_error("x", 702, "").code, ErrorCode::timeout);
  EXPECT_EQ(cuda_error("x", 719, "").code, ErrorCode::device_lost);
  EXPECT_EQ(cuda_error("x", 803, "").code, ErrorCode::version_refused);
  EXPECT_EQ(cuda_error("x", 12345, "").code, ErrorCode::internal);
}

TEST(DeviceChoice, UuidsReadAsNvmlPrintsThem) {
  std::array<unsigned char, 16> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(i * 17);
  EXPECT_EQ(uuid_text(bytes, false), "GPU-00112233-4455-6677-8899-aabbccddeeff");
  EXPECT_EQ(uuid_text(bytes, true), "MIG-00112233-4455-6677-8899-aabbccddeeff");
}

TEST(DeviceChoice, ComparesTheNumberNotTheSpelling) {
  EXPECT_TRUE(same_uuid("GPU-00aa", "gpu-00AA") == false);  // the prefix is always upper case
  EXPECT_TRUE(same_uuid("GPU-00aa", "GPU-00AA"));
  EXPECT_TRUE(same_uuid("GPU-00aa", "00aa"));
  EXPECT_FALSE(same_uuid("GPU-00aa", "GPU-00ab"));
  EXPECT_FALSE(same_uuid("GPU-00aa", "GPU-00aa0"));
}

TEST(Cublas, TheSettingDecidesAlone) {
  EXPECT_TRUE(cublas_candidates("none").empty());
  EXPECT_THAT(cublas_candidates("/x/libcublas.so"), testing::ElementsAre("/x/libcublas.so"));
  const auto usual = cublas_candidates(nullptr);
  ASSERT_FALSE(usual.empty());
  EXPECT_EQ(usual.front(), "libcublas.so.13");  // the loader's own path first
  EXPECT_THAT(usual, testing::Contains("/usr/local/cuda/lib64/libcublas.so.12"));
  EXPECT_EQ(cublas_candidates(""), usual);
}

TEST(Cublas, AbsentIsNotFoundAndForeignIsNamed) {
  EXPECT_EQ(open_cublas_from({}, nullptr).error().code, ErrorCode::not_found);
  const auto foreign = open_cublas_from({"libnothing.so", "libm.so.6"}, nullptr);
  EXPECT_EQ(foreign.error().code, ErrorCode::not_found);
  EXPECT_THAT(foreign.error().message, HasSubstr("libm.so.6 lacks a function"));
  EXPECT_THAT(foreign.error().message, HasSubstr("ASSAY_CUBLAS"));
}

}  // namespace
}  // namespace assay::lab
