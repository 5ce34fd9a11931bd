// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/style.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace assay::cli {
namespace {

const Style kPlain{.width = 80, .colour = false, .unicode = true};
const Style kAscii{.width = 80, .colour = false, .unicode = false};

TEST(Bar, NeverDrawsALittleAsNothingNorAlmostAllAsFull) {
  EXPECT_EQ(bar(kPlain, 0, 4), "    ");
  EXPECT_EQ(bar(kPlain, 1, 4), "████");
  EXPECT_EQ(bar(kPlain, 0.0001, 4), "▏   ");
  EXPECT_EQ(bar(kPlain, 0.9999, 4), "███▉");
  EXPECT_EQ(bar(kAscii, 0.0001, 4), "#...");
  EXPECT_EQ(bar(kAscii, 0.9999, 4), "###.");
  for (double share = 0; share <= 1; share += 0.01) EXPECT_EQ(columns(bar(kPlain, share, 17)), 17);
}

TEST(Columns, CountsCodePointsAndNoEscapes) {
  EXPECT_EQ(columns("\x1b[31m█a\x1b[0m"), 2);
  EXPECT_EQ(columns(""), 0);
}

TEST(Fit, PadsAndCuts) {
  EXPECT_EQ(fit_left(kPlain, "ab", 4), "ab  ");
  EXPECT_EQ(fit_left(kPlain, "abcdef", 4), "abc…");
  EXPECT_EQ(fit_left(kAscii, "abcdef", 4), "abc~");
  EXPECT_EQ(fit_right("ab", 4), "  ab");
}

TEST(Printable, StopsEscapesAndLineBreaks) {
  EXPECT_EQ(printable("a\x1b[2Jb\nc\x7f\xff"), "a?[2Jb?c??");
}

TEST(Wrap, BreaksAtBlanksAndIndents) {
  EXPECT_EQ(wrap("aa bb cc", 7, 2), "  aa bb\n  cc");
  EXPECT_EQ(wrap("", 7, 2), "");
}

TEST(Paint, IsSilentWithoutColour) {
  EXPECT_EQ(paint(kPlain, Tone::bad, "x"), "x");
  EXPECT_EQ(paint({.width = 80, .colour = true, .unicode = true}, Tone::bad, "x"),
            "\x1b[31mx\x1b[0m");
}

TEST(DetectStyle, HoldsTheWidthWithinBounds) {
  setenv("COLUMNS", "20", 1);
  EXPECT_EQ(detect_style(-1).width, kMinWidth);
  setenv("COLUMNS", "1000", 1);
  EXPECT_EQ(detect_style(-1).width, kMaxWidth);
  unsetenv("COLUMNS");
  EXPECT_FALSE(detect_style(-1).colour);
}

}  // namespace
}  // namespace assay::cli
