// SPDX-License-Identifier: Apache-2.0
#include "house/functions.hpp"

#include <gtest/gtest.h>

#include <string>

namespace assay::house {
namespace {

TEST(Functions, FindsFreeFunctionsAndMembersAcrossNamespacesAndClasses) {
  const auto found = functions(
      "namespace a {\n"
      "class C : public B<int()> {\n"
      " public:\n"
      "  C() : x_{1}, y_(2) {\n"
      "    g();\n"
      "  }\n"
      "};\n"
      "auto f(int n)\n"
      "    -> int {\n"
      "  if (n) {\n"
      "  }\n"
      "}\n"
      "}\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].lines, 3U);
  EXPECT_EQ(found[1].lines, 5U);
}

TEST(Functions, TablesAndEnumsAreNoFunctions) {
  EXPECT_TRUE(functions("enum class E {\n  a,\n};\n").empty());
  EXPECT_TRUE(functions("const std::array<X, 2> k = {{\n  {f(1)},\n}};\n").empty());
}

TEST(Functions, MacrosAreSkipped) {
  EXPECT_TRUE(functions("#define F(x) \\\n  void x() { \\\n\nint a;\n").empty());
}

TEST(Functions, ATestBodyCounts) {
  const auto found = functions("TEST(A, B) {\n  f();\n  g();\n}\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].lines, 4U);
}

}  // namespace
}  // namespace assay::house
