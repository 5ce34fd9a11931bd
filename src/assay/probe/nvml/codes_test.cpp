// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/codes.hpp"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::probe::nvml {
namespace {

using sample::Reason;

TEST(Codes, HasEveryNumberOfNvml13Once) {
  std::set<std::uint32_t> numbers;
  for (const CodeInfo& row : all_codes()) numbers.insert(static_cast<std::uint32_t>(row.code));
  EXPECT_EQ(numbers.size(), all_codes().size());
  for (std::uint32_t n = 0; n <= 30; ++n) EXPECT_TRUE(numbers.contains(n)) << n;
  EXPECT_TRUE(numbers.contains(999));
}

TEST(Codes, OnlySuccessHasNoReason) {
  for (const CodeInfo& row : all_codes())
    EXPECT_EQ(row.reason == Reason::none, row.code == abi::Return::success) << row.name;
}

TEST(Codes, EachSaysOneSentenceWithoutItsFullStop) {
  for (const CodeInfo& row : all_codes()) {
    if (row.code == abi::Return::success) continue;
    EXPECT_GT(row.sentence.size(), 20U) << row.name;
    EXPECT_EQ(row.sentence.find(". "), std::string_view::npos) << row.name;
    EXPECT_NE(row.sentence.back(), '.') << row.name;
    EXPECT_TRUE(row.name.starts_with("NVML_ERROR_")) << row.name;
    // What it means; what to do.
    EXPECT_NE(row.sentence.find_first_of(",;"), std::string_view::npos) << row.name;
  }
}

TEST(Codes, MapsEachCodeToItsState) {
  const std::set<int> unsupported = {3, 13, 22, 24, 26, 30};
  const std::set<int> no_data = {6, 21, 27};
  for (const CodeInfo& row : all_codes()) {
    const int n = static_cast<int>(row.code);
    Reason want = Reason::driver_error;
    if (n == 0) want = Reason::none;
    if (unsupported.contains(n)) want = Reason::not_supported;
    if (no_data.contains(n)) want = Reason::no_new_data;
    if (n == 4 || n == 17) want = Reason::no_permission;
    if (n == 9 || n == 12) want = Reason::driver_not_loaded;
    if (n == 10) want = Reason::timeout;
    if (n == 15 || n == 28) want = Reason::device_lost;
    if (n == 16) want = Reason::reset_required;
    if (n == 25) want = Reason::version_refused;
    EXPECT_EQ(row.reason, want) << row.name;
  }
}

TEST(Codes, TroubleOfTheDeviceIsToldFromTroubleOfACall) {
  for (const CodeInfo& row : all_codes()) {
    const std::set<int> wide = {1, 8, 9, 11, 12, 15, 16, 17, 18, 28};
    EXPECT_EQ(is_device_trouble(row.code), wide.contains(static_cast<int>(row.code))) << row.name;
  }
}

TEST(Codes, NoDriverMeansNothingToMeasure) {
  EXPECT_EQ(error_of(abi::Return::driver_not_loaded, Call::init).code,
            ErrorCode::nothing_to_measure);
  EXPECT_EQ(error_of(abi::Return::library_not_found, Call::init).code,
            ErrorCode::nothing_to_measure);
  EXPECT_EQ(error_of(abi::Return::no_permission, Call::init).code, ErrorCode::no_permission);
}

TEST(Codes, ANumberFromTheFutureIsADriverErrorWithItsNumber) {
  const auto code = static_cast<abi::Return>(77);
  EXPECT_EQ(reason_of(code), Reason::driver_error);
  EXPECT_THAT(error_of(code, Call::power, "device 1").message,
              testing::AllOf(testing::StartsWith("nvmlDeviceGetPowerUsage on device 1 failed: "),
                             testing::EndsWith("(NVML code 77)")));
}

TEST(Codes, EveryCallHasANameAndNoneChangesADevice) {
  for (std::size_t i = 0; i < kCallCount; ++i) {
    for (const std::string symbol : kCallSymbols[i]) {
      if (symbol.empty()) continue;
      EXPECT_TRUE(symbol.starts_with("nvml")) << symbol;
      EXPECT_EQ(symbol.find("DeviceSet"), std::string::npos) << symbol;
      EXPECT_EQ(symbol.find("Throughput"), std::string::npos) << symbol << " sleeps 20 ms";
    }
    EXPECT_FALSE(to_string(static_cast<Call>(i)).empty());
  }
}

}  // namespace
}  // namespace assay::probe::nvml
