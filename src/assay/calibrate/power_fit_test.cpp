// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/power_fit.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "assay/catalog/embedded.hpp"

namespace assay::calibrate {
namespace {

// An H100 of 700 W that takes 140 at rest, 420 more for its memory and 700 more for its arithmetic.
std::string made(double dram, double arithmetic) {
  const double watts = std::min(700.0, 140 + 420 * dram + 700 * arithmetic);
  return fmt::format("NVIDIA H100 80GB HBM3,x,bf16,a=1;sustained_ms=2,1,{},{},{}\n",
                     2 * dram * 3350, 2 * arithmetic * 989.4, watts);
}

TEST(FitPower, FindsTheBoardThatMadeTheWatts) {
  std::string text = "device,op,dtype,params,median_ms,gb_per_s,tflops,watts\n";
  for (const double dram : {0.1, 0.4, 0.9})
    for (const double arithmetic : {0.0, 0.1, 0.2}) text += made(dram, arithmetic);
  text += "NVIDIA H100 80GB HBM3,idle,none,,1,,,75\n";   // asleep: not of this line
  text += "Some other board,x,bf16,,1,1000,10,300\n";    // unknown
  text += "NVIDIA H100 80GB HBM3,x,bf16,,1,1000,10,\n";  // not metered
  roofline::Fits fits = roofline::Fits::prior().value();
  const std::vector<Table> own = {Table::parse({"own.csv", text}).value()};
  ASSERT_TRUE(fit_power(own, catalog::embedded().value(), fits));
  const roofline::Fits before = roofline::Fits::prior().value();
  for (std::size_t i = 0; i < fits.classes().size(); ++i) {
    const roofline::ChipClass& kin = fits.classes()[i];
    if (kin.given) {
      EXPECT_EQ(kin.curves.idle_power, before.classes()[i].curves.idle_power) << kin.name;
      continue;
    }
    EXPECT_NEAR(kin.curves.idle_power, 0.2, 0.02) << kin.name;
    EXPECT_NEAR(kin.curves.dram_power, 0.6, 0.03) << kin.name;
    EXPECT_NEAR(kin.curves.arithmetic_power, 1.0, 0.1) << kin.name;
  }
}

TEST(FitPower, WithoutMeteredRowsNothingChanges) {
  roofline::Fits fits = roofline::Fits::prior().value();
  const double before = fits.classes().front().curves.idle_power;
  ASSERT_TRUE(fit_power({}, catalog::embedded().value(), fits));
  EXPECT_EQ(fits.classes().front().curves.idle_power, before);
}

}  // namespace
}  // namespace assay::calibrate
