// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/placement.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace assay::sim {
namespace {

const catalog::SmLimits kLimits = *catalog::sm_limits(9, 0);
constexpr int kSms = 132;

const std::vector<SmClass> kEmpty{{.lo = 0, .hi = kSms}};

KernelSpec kernel_of(int threads, std::int64_t shared = 0) {
  KernelSpec kernel;
  kernel.shape = {threads, 32, shared};
  kernel.occupancy = occupancy(kernel.shape, kLimits);
  kernel.footprint = footprint(kernel.shape, kLimits);
  return kernel;
}

std::int64_t total(const std::vector<Placement>& placements) {
  return std::accumulate(placements.begin(), placements.end(), std::int64_t{0},
                         [](std::int64_t sum, const Placement& at) { return sum + at.total(); });
}

TEST(Place, OneBlockAnSmBeforeASecond) {
  const KernelSpec kernel = kernel_of(256);
  std::vector<Placement> out;
  EXPECT_EQ(place(kernel, 133, kEmpty, kLimits, out), 133);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[0], (Placement{.lo = 0, .hi = 1, .blocks = 2}));
  EXPECT_EQ(out[1], (Placement{.lo = 1, .hi = kSms, .blocks = 1}));
}

TEST(Place, StopsWhereTheSmsAreFull) {
  const KernelSpec kernel = kernel_of(1024);
  std::vector<Placement> out;
  EXPECT_EQ(place(kernel, 1'000'000, kEmpty, kLimits, out), 2 * kSms);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].blocks, 2);
}

TEST(Place, EmptySmsComeFirst) {
  const std::vector<KernelSpec> kernels{kernel_of(32), kernel_of(32)};
  std::vector<Placement> out;
  place(kernels[0], 66, sm_classes(out, kernels, kSms), kLimits, out);
  place(kernels[1], 66, sm_classes(out, kernels, kSms), kLimits, out);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[0], (Placement{.lo = 0, .hi = 66, .blocks = 1}));
  EXPECT_EQ(out[1], (Placement{.lo = 66, .hi = kSms, .blocks = 1}));
}

TEST(Place, WhatIsTakenLeavesLessRoom) {
  const std::vector<KernelSpec> kernels{kernel_of(512, 100'000), kernel_of(512, 100'000)};
  std::vector<Placement> out;
  EXPECT_EQ(place(kernels[0], kSms, sm_classes(out, kernels, kSms), kLimits, out), kSms);
  EXPECT_EQ(place(kernels[1], 1000, sm_classes(out, kernels, kSms), kLimits, out), kSms);
  EXPECT_EQ(place(kernels[1], 1, sm_classes(out, kernels, kSms), kLimits, out), 0);
  EXPECT_EQ(total(out), 2 * kSms);
}

TEST(SmClasses, CoverTheChipWithoutGaps) {
  const std::vector<KernelSpec> kernels{kernel_of(128)};
  const std::vector<Placement> placements{{.lo = 10, .hi = 50, .blocks = 2},
                                          {.lo = 30, .hi = kSms, .blocks = 1}};
  const auto classes = sm_classes(placements, kernels, kSms);
  int next = 0;
  for (const SmClass& sms : classes) {
    EXPECT_EQ(sms.lo, next);
    next = sms.hi;
  }
  EXPECT_EQ(next, kSms);
  ASSERT_EQ(classes.size(), 4U);
  EXPECT_EQ(classes[2].blocks, 3);
  EXPECT_EQ(classes[2].warps, 12);
}

}  // namespace
}  // namespace assay::sim
