// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/lab_moment.hpp"

#include <gtest/gtest.h>

namespace assay::cli {
namespace {

LabMoment moment() {
  LabMoment out;
  out.run.id = "hbm";
  out.run.grid = 132;
  out.run.block = 1024;
  out.run.launches = 8;
  out.run.elapsed = Seconds(4);
  out.run.flops = Flops(2e12);
  out.run.dram_bytes = Bytes(12e12);
  out.from.unix_ns = 1'000'000'000;
  out.to.unix_ns = 5'000'000'000;
  return out;
}

TEST(LabMoment, IsToldInWordsWithItsRates) {
  EXPECT_EQ(lab_words(moment()),
            "hbm, grid 132 x 1024, 8 launches in 4.0 s: 0.5 TFLOP/s, 3000 GB/s of DRAM");
  LabMoment idle;
  idle.run.id = "one-thread";
  idle.run.launches = 1;
  EXPECT_EQ(lab_words(idle), "one-thread, 1 launch in 0.0 s") << "no rate without a time";
}

TEST(LabMoment, AnEventOfItTellsTheSame) {
  const auto back = from_event(to_event(moment()));
  ASSERT_TRUE(back);
  EXPECT_EQ(lab_words(*back), lab_words(moment()));
}

}  // namespace
}  // namespace assay::cli
