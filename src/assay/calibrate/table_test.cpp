// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/table.hpp"

#include <gtest/gtest.h>

namespace assay::calibrate {
namespace {

TEST(Table, ReadsQuotesAndLineEnds) {
  const auto table = Table::parse({"t.csv", "a,b\r\n\"1,5\",\"say \"\"hi\"\"\"\r\n\n2.5,\n"});
  ASSERT_TRUE(table) << table.error().message;
  ASSERT_EQ(table->rows(), 2U);
  EXPECT_EQ(table->text(0, 0), "1,5");
  EXPECT_EQ(table->text(0, 1), "say \"hi\"");
  EXPECT_EQ(table->number(1, 0), 2.5);
  EXPECT_FALSE(table->number(1, 1));
  EXPECT_EQ(table->line(1), 4U);
}

TEST(Table, RefusesDamageWithItsLine) {
  EXPECT_FALSE(Table::parse({"t.csv", ""}));
  EXPECT_FALSE(Table::parse({"t.csv", "a,a\n1,2\n"}));
  const auto ragged = Table::parse({"t.csv", "a,b\n1,2\n3\n"});
  ASSERT_FALSE(ragged);
  EXPECT_NE(ragged.error().message.find("t.csv:3"), std::string::npos);
  EXPECT_FALSE(Table::parse({"t.csv", "a,b\n\"1,2\n"}));
}

}  // namespace
}  // namespace assay::calibrate
