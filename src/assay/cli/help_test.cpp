// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/help.hpp"

#include <gtest/gtest.h>

namespace assay::cli {
namespace {

TEST(FitHelp, ShortLinesStayAsTheyAre) {
  EXPECT_EQ(fit_help("a  b\n\n  c\n", 20), "a  b\n\n  c\n");
}

TEST(FitHelp, TheRightColumnGoesOnUnderItself) {
  EXPECT_EQ(fit_help("  --flag  one two three", 16),
            "  --flag  one\n"
            "          two\n"
            "          three\n");
}

TEST(FitHelp, AWordTooLongForTheRightColumnTakesItFurtherLeft) {
  EXPECT_EQ(fit_help("  --flag           a_long_word and on", 20),
            "  --flag\n        a_long_word\n        and on\n");
}

TEST(FitHelp, TextWithoutColumnsKeepsItsIndent) {
  EXPECT_EQ(fit_help("  one two three", 9), "  one two\n  three\n");
  EXPECT_EQ(fit_help("one two three", 8), "one two\nthree\n");
}

}  // namespace
}  // namespace assay::cli
