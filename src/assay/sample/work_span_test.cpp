// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/work_span.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace assay::sample {
namespace {

using metric::Id;

Sample window(double sm_active) {
  Sample out;
  out.window = Seconds(0.25);
  out.at_id(Id::sm_active) = Reading<double>::measured(sm_active, Source::gpm, Seconds(0.25));
  return out;
}

Sample span_of(std::initializer_list<double> sm_active) {
  WorkSpan span;
  for (const double share : sm_active) span.add(window(share));
  return span.result();
}

double sm(const Sample& sample) { return *sample.at_id(Id::sm_active).value(); }

TEST(WorkSpan, StartLeavingAndPartialWindowsAreLeftOut) {
  const Sample span = span_of({0, 0, 0, 0.3, 0.5, 1, 0.9, 0.8, 0.2, 0, 0});
  EXPECT_DOUBLE_EQ(span.window.value(), 0.75);
  EXPECT_NEAR(sm(span), 0.9, 1e-12);
}

TEST(WorkSpan, APauseInTheMiddleCounts) {
  EXPECT_NEAR(sm(span_of({0, 1, 1, 1, 0, 0, 1, 1, 0})), (1 + 0 + 0 + 1) / 4.0, 1e-12);
}

TEST(WorkSpan, AWarmUpIsLeftOutOnce) {
  EXPECT_NEAR(sm(span_of({0, 0.1, 0, 0, 0, 1, 1, 0.8, 0.6, 1, 0})), 0.7, 1e-12);
  // A rhythm of short work and long pauses is the job's own, but for its first turn.
  EXPECT_NEAR(sm(span_of({1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1})), 2 / 7.0, 0.1);
  WorkSpan span;
  for (const double share : {1.0, 1.0}) span.add(window(share));
  for (int i = 0; i < 40; ++i) span.add(window(0));  // ten seconds: no warm-up
  for (const double share : {1.0, 1.0, 1.0}) span.add(window(share));
  EXPECT_LT(sm(span.result()), 0.1);
}

TEST(WorkSpan, ALongRestAfterLittleWorkCounts) {
  const Sample span = span_of({0, 1, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_DOUBLE_EQ(span.window.value(), 1.75);
  EXPECT_DOUBLE_EQ(sm(span), 0);
}

TEST(WorkSpan, TooLittleToCut) {
  EXPECT_DOUBLE_EQ(sm(span_of({0, 0.5, 0})), 0.5);
  EXPECT_DOUBLE_EQ(sm(span_of({0.5, 0.7, 0})), 0.7);
  EXPECT_NEAR(sm(span_of({0.5, 0.7, 0.9})), 0.8, 1e-12);
  EXPECT_NEAR(sm(span_of({0.5, 0.7, 0.9, 0.1})), 0.8, 1e-12);
}

TEST(WorkSpan, NoWorkAtAllIsAllThereIs) {
  const Sample span = span_of({0, 0, 0});
  EXPECT_DOUBLE_EQ(span.window.value(), 0.75);
  EXPECT_FALSE(shows_work(Sample{})) << "what was not read shows nothing";
}

TEST(WorkSpan, CopiesAndTheDriversWordAreWork) {
  Sample copy = window(0);
  copy.at_id(Id::pcie_rx) = Reading<double>::measured(20e9, Source::gpm, Seconds(0.25));
  EXPECT_TRUE(shows_work(copy));
  Sample busy;
  busy.at_id(Id::gpu_util) = Reading<double>::measured(1, Source::nvml, Seconds(0.2));
  EXPECT_TRUE(shows_work(busy));
}

}  // namespace
}  // namespace assay::sample
