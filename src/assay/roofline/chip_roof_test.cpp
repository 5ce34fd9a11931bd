// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/chip_roof.hpp"

#include <gtest/gtest.h>

#include "assay/catalog/embedded.hpp"
#include "assay/roofline/toy_model_test.hpp"

namespace assay::roofline {
namespace {

TEST(ChipRoof, ProductsFallBackOnTheNextWiderType) {
  const ChipRoof roof = round_chip();
  EXPECT_EQ(roof.product(Dtype::fp8).dtype, Dtype::fp8);
  EXPECT_EQ(roof.product(Dtype::fp4).dtype, Dtype::fp8);
  EXPECT_EQ(roof.product(Dtype::bf16).peak, FlopsPerSecond(1e15));
  EXPECT_EQ(roof.product(Dtype::fp64).peak, FlopsPerSecond(0));
}

TEST(ChipRoof, AChipOfEightBitsIsFedEightBits) {
  ChipRoof roof = round_chip();
  roof.peak = {};
  roof.peak[static_cast<std::size_t>(Dtype::int8)] = FlopsPerSecond(3e14);
  EXPECT_FALSE(roof.multiplies_16());
  for (const Dtype dtype : {Dtype::bf16, Dtype::fp8, Dtype::int4, Dtype::int8})
    EXPECT_EQ(roof.product(dtype).dtype, Dtype::int8);
  EXPECT_EQ(round_chip().product(Dtype::fp64).peak, FlopsPerSecond(0));
}

// A100 multiplies int8 but no fp8: weights of fp8 are widened to bf16 there, never fed to the int8
// units.
TEST(ChipRoof, IntegersDoNotStandForFloats) {
  ChipRoof roof = round_chip();
  roof.peak[static_cast<std::size_t>(Dtype::fp8)] = FlopsPerSecond(0);
  roof.peak[static_cast<std::size_t>(Dtype::int8)] = FlopsPerSecond(2e15);
  for (const Dtype dtype : {Dtype::fp8, Dtype::fp4})
    EXPECT_EQ(roof.product(dtype).dtype, Dtype::bf16) << to_string(dtype);
  EXPECT_EQ(roof.product(Dtype::int4).dtype, Dtype::int8);
  EXPECT_EQ(round_chip().product(Dtype::int8).dtype, Dtype::bf16);
}

TEST(ChipRoof, ScalesOneResourceAtATime) {
  const ChipRoof roof = round_chip();
  const ChipRoof wider = roof.scaled(Resource::dram, 1.1);
  EXPECT_NEAR(wider.tiers.front().bandwidth.value(), 2.2e12, 1);
  EXPECT_EQ(wider.tiers.front().capacity, roof.tiers.front().capacity);
  EXPECT_NEAR(roof.scaled(Resource::overhead, 2).host_factor, 0.5, 1e-12);
}

TEST(ChipRoof, EveryChipOfTheCatalogHasRoofsOrSaysWhatIsMissing) {
  const auto catalog = catalog::embedded();
  const auto fits = Fits::builtin();
  ASSERT_TRUE(catalog && fits);
  for (const catalog::Chip& chip : catalog->all()) {
    const auto roof = chip_roof(chip, *fits);
    if (!roof) {
      EXPECT_NE(roof.error().message.find(chip.id), std::string::npos);
    }
  }
  const catalog::Chip* h100 = catalog->find("h100_sxm");
  ASSERT_NE(h100, nullptr);
  EXPECT_EQ(chip_roof(*h100, *fits)->provenance, Provenance::calibrated);
  EXPECT_EQ(chip_roof(*catalog->find("b200-hgx"), *fits)->provenance, Provenance::transferred);
  EXPECT_EQ(chip_roof(*catalog->find("mi300x"), *fits)->provenance, Provenance::datasheet);
}

}  // namespace
}  // namespace assay::roofline
