// SPDX-License-Identifier: Apache-2.0
#include "assay/solver/integer_program.hpp"

#include <gtest/gtest.h>

namespace assay::solver {
namespace {

// Rolls of 10 cut into 7 pieces of 6 and 5 of 4: the best is a 6 and a 4 from each.
IntegerProgram cutting() {
  return {.columns = {{1, {{0, 1}}}, {1, {{0, 1}, {1, 1}}}, {1, {{1, 2}}}}, .at_least = {7, 5}};
}

TEST(Solver, FindsTheLeast) {
  const auto found = minimize(cutting(), 5);
  if (!found && found.error().code == ErrorCode::not_found) GTEST_SKIP() << found.error().message;
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_TRUE(found->optimal);
  EXPECT_EQ(found->objective, 7);
  EXPECT_EQ(found->bound, 7);
  const auto& x = found->values;
  EXPECT_EQ(x[0] + x[1] + x[2], 7);
  EXPECT_GE(x[0] + x[1], 7);
  EXPECT_GE(x[1] + 2 * x[2], 5);
}

TEST(Solver, PrintsNothing) {
  testing::internal::CaptureStdout();
  const auto found = minimize(cutting(), 5);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(Solver, SaysWhatToInstallWhereItIsAbsent) {
  const auto none = minimize(cutting(), 5, "libno-such-solver.so");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::not_found);
  EXPECT_NE(none.error().message.find("apt-get install coinor-libcbc3"), std::string::npos);
  const auto other = minimize(cutting(), 5, "libm.so.6");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::version_refused);
}

TEST(Solver, SaysWhereThereIsNoSolution) {
  const auto found = minimize({.columns = {{1, {}}}, .at_least = {1}}, 5);
  ASSERT_FALSE(found.ok());
}

}  // namespace
}  // namespace assay::solver
