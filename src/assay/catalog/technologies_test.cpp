// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/technologies.hpp"

#include <gtest/gtest.h>

#include "assay/catalog/embedded.hpp"

namespace assay::catalog {
namespace {

TEST(Technologies, TheBestOfEachKindByTheCatalogsFigures) {
  const auto catalog = embedded();
  ASSERT_TRUE(catalog) << catalog.error().message;
  const auto rows = technologies(*catalog);
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[0].kind, ChipKind::cpu);
  EXPECT_EQ(rows[4].kind, ChipKind::cim);
  for (const Technology& row : rows) {
    SCOPED_TRACE(to_string(row.kind));
    EXPECT_GT(row.chips, 0);
    EXPECT_FALSE(row.programmability.empty());
    EXPECT_FALSE(row.time_to_market.empty());
    ASSERT_TRUE(row.ops_per_joule.has_value());
    EXPECT_EQ(row.ops_per_joule->chip->kind, row.kind);
  }
  // 9.4 TOPS an analog watt, and no price of it: unknown, not the best.
  EXPECT_EQ(rows[4].ops_per_joule->chip->id, "mythic-m1076");
  EXPECT_FALSE(rows[4].ops_per_dollar.has_value());
  EXPECT_NEAR(rows[2].ops_per_joule->value, 145e12 / 150, 1e9) << "VCK5000";
}

TEST(Technologies, AnEmptyCatalogHasNoFigures) {
  for (const Technology& row : technologies(Catalog())) {
    EXPECT_EQ(row.chips, 0);
    EXPECT_FALSE(row.ops_per_joule.has_value());
  }
}

}  // namespace
}  // namespace assay::catalog
