// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/kernel_fit.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "assay/catalog/embedded.hpp"
#include "assay/roofline/curves.hpp"

namespace assay::calibrate {
namespace {

const roofline::ChipClass& hopper(const roofline::Fits& fits) { return fits.classes().front(); }

TEST(FitLinks, FindsTheCurveThatMadeTheTimes) {
  roofline::ChipCurves truth;
  truth.link_fraction = 0.8;
  truth.link_floor_us = 4;
  truth.link_ramp_us = 25;
  std::string text = "system,src,op_name,dtype,num_gpus,message_size,latency\n";
  for (const int ranks : {2, 4, 8})
    for (double elements = 128; elements < 3e8; elements *= 4)
      text += fmt::format("h100_sxm,x,all_reduce,half,{},{},{}\n", ranks, elements,
                          1e3 * roofline::all_reduce_seconds(truth, 450e9, ranks, 2 * elements));
  roofline::Fits fits = roofline::Fits::prior().value();
  ASSERT_TRUE(fit_links(Table::parse({"c.csv", text}).value(), catalog::embedded().value(), fits));
  EXPECT_NEAR(hopper(fits).curves.link_fraction, 0.8, 0.05);
  EXPECT_NEAR(hopper(fits).curves.link_floor_us, 4, 0.5);
}

TEST(FitProducts, FindsBandwidthAndPeakFractions) {
  std::string text = "system,gemm_dtype,m,n,k,latency\n";
  for (const double m : {1.0, 64.0, 8192.0})
    for (const double n : {8192.0, 16384.0}) {
      const double memory = 2 * (n * 8192 + m * (8192 + n)) / (3350e9 * 0.9);
      const double compute = 2 * m * n * 8192 / (989.4e12 * 0.7);
      text += fmt::format("h100_sxm,bfloat16,{},{},8192,{}\n", m, n,
                          1e3 * (std::max(memory, compute) + 3e-6));
    }
  roofline::Fits fits = roofline::Fits::prior().value();
  ASSERT_TRUE(
      fit_products(Table::parse({"g.csv", text}).value(), catalog::embedded().value(), fits));
  EXPECT_NEAR(hopper(fits).curves.bandwidth_fraction, 0.9, 0.04);
  EXPECT_NEAR(hopper(fits).curves.compute_fraction_16, 0.7, 0.04);
}

}  // namespace
}  // namespace assay::calibrate
