// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/sm_count.hpp"

#include <gtest/gtest.h>

namespace assay::probe::nvml {
namespace {

double sms(unsigned cores, int major, int minor) {
  const auto count = sm_count(cores, major, minor).value();
  return count ? count->value() : -1.0;
}

TEST(SmCount, IsWhatTheDatasheetsSay) {
  EXPECT_EQ(sms(16896, 9, 0), 132);   // H100 SXM
  EXPECT_EQ(sms(6912, 8, 0), 108);    // A100
  EXPECT_EQ(sms(5120, 7, 0), 80);     // V100
  EXPECT_EQ(sms(2560, 7, 5), 40);     // T4
  EXPECT_EQ(sms(16384, 8, 9), 128);   // RTX 4090
  EXPECT_EQ(sms(3584, 6, 0), 56);     // P100
  EXPECT_EQ(sms(2880, 3, 5), 15);     // K40
  EXPECT_EQ(sms(18944, 10, 0), 148);  // B200
}

TEST(SmCount, UnknownCapabilityIsUnknownNotZero) {
  const auto r = sm_count(1024, 99, 0);
  EXPECT_EQ(r.state(), sample::State::unknown);
  EXPECT_FALSE(r.raw().has_value());
  EXPECT_EQ(sm_count(16896, 0, 0).reason(), sample::Reason::missing_input);
}

TEST(SmCount, CoresThatDoNotDivideAreNotBelieved) {
  EXPECT_EQ(sm_count(100, 9, 0).reason(), sample::Reason::out_of_range);
  EXPECT_EQ(sm_count(0, 9, 0).reason(), sample::Reason::out_of_range);
}

}  // namespace
}  // namespace assay::probe::nvml
