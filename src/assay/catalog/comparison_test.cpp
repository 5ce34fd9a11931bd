// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/comparison.hpp"

#include <gtest/gtest.h>

#include <array>

#include "assay/catalog/embedded.hpp"

namespace assay::catalog {
namespace {

const Catalog& chips() {
  static const Catalog catalog = *embedded();
  return catalog;
}

TEST(Comparison, RatiosAreToTheFirst) {
  const std::array pair{chips().find("gb200"), chips().find("gb300")};
  const auto rows = compare(pair);
  EXPECT_DOUBLE_EQ(*row_of(rows, "peak_fp4")->cells[1].ratio, 1.5);
  EXPECT_DOUBLE_EQ(*row_of(rows, "peak_half")->cells[1].ratio, 1);
  EXPECT_DOUBLE_EQ(*row_of(rows, "bandwidth")->cells[0].ratio, 1);
  EXPECT_NEAR(*row_of(rows, "memory")->cells[1].ratio, 284208.0 / 189471, 1e-9) << "usable";
  EXPECT_EQ(row_of(rows, "tdp")->better, Better::less);
}

TEST(Comparison, UnknownIsNeitherZeroNorARatio) {
  const std::array pair{chips().find("agilex-7-m"), chips().find("h100")};
  const auto rows = compare(pair);
  const Row* half = row_of(rows, "peak_half");
  EXPECT_FALSE(half->cells[0].value.has_value());
  EXPECT_FALSE(half->cells[1].ratio.has_value());
  EXPECT_TRUE(half->cells[1].value.has_value());
  EXPECT_FALSE(row_of(rows, "balance")->cells[0].value.has_value());
  EXPECT_EQ(row_of(rows, "peak_fp4"), nullptr) << "neither has one";
  EXPECT_EQ(row_of(rows, "no such row"), nullptr);
}

TEST(Comparison, DerivedFiguresAreAsSureAsTheLessSureOfTheirTwo) {
  const Chip* chip = chips().find("tpu-v4");
  const std::array one{chip};
  const auto rows = compare(one);
  const Cell& cell = row_of(rows, "half_per_watt")->cells[0];
  EXPECT_EQ(cell.source, nullptr);
  EXPECT_EQ(cell.confidence, Confidence::partial) << "its TDP is derived";
  EXPECT_NEAR(*cell.value, 275e12 / 340, 1e6);
  const Cell& bytes = row_of(rows, "bandwidth_per_dollar")->cells[0];
  EXPECT_NEAR(*bytes.value, 1228e9 * 3600 / 3.22, 1e9);
  EXPECT_EQ(row_of(rows, "bandwidth")->cells[0].source->id, "epoch");
}

TEST(Comparison, SecondTierStandsApart) {
  const std::array pair{chips().find("corsair"), chips().find("h100")};
  const auto rows = compare(pair);
  EXPECT_EQ(row_of(rows, "memory_2")->cells[0].value, 256e9);
  EXPECT_FALSE(row_of(rows, "memory_2")->cells[1].value.has_value());
}

}  // namespace
}  // namespace assay::catalog
