// SPDX-License-Identifier: Apache-2.0
#include "assay/base/check.hpp"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Check, EvaluatesItsConditionOnce) {
  int calls = 0;
  CHECK(++calls == 1);
  EXPECT_EQ(calls, 1);
}

TEST(Check, IsAnExpression) {
  const bool sure = true;
  sure ? CHECK(sure) : CHECK(false);
}

TEST(CheckDeath, NamesTheConditionAndThePlace) {
  EXPECT_DEATH(CHECK(1 + 1 == 3),
               "assay: bug: CHECK\\(1 \\+ 1 == 3\\) failed at .*check_test.cpp:");
}

}  // namespace
}  // namespace assay
