// SPDX-License-Identifier: Apache-2.0
#include "house/blank.hpp"

#include <gtest/gtest.h>

namespace assay::house {
namespace {

TEST(Blank, CommentsLeaveTheCodeAndKeepTheirPlace) {
  const Blanked blanked = blank("int a;  // note\nint b; /* two\nlines */ int c;");
  EXPECT_EQ(blanked.code, "int a;         \nint b;       \n         int c;");
  EXPECT_EQ(blanked.comments, "        // note\n       /* two\nlines */       ");
}

TEST(Blank, LiteralsKeepOnlyTheirQuotes) {
  EXPECT_EQ(blank(R"(f("a\"b", 'x', '\'');)").code, R"(f("    ", ' ', '  ');)");
  EXPECT_EQ(blank("s = R\"x(a \" )y)x\";").code, "s =  \"          \";");
}

TEST(Blank, ACommentInsideALiteralIsNone) {
  EXPECT_EQ(blank("s = \"http://x\"; t();").code, "s = \"        \"; t();");
  EXPECT_EQ(blank("s = \"// x\";").comments.find('x'), std::string::npos);
}

TEST(Blank, DigitSeparatorsAreNoLiterals) {
  EXPECT_EQ(blank("n = 1'000'000; f();").code, "n = 1'000'000; f();");
}

TEST(Blank, UnfinishedInputEnds) {
  for (const char* text : {"\"abc", "/* abc", "R\"(abc", "R\"abc", "'", "\"\\"})
    EXPECT_EQ(blank(text).code.size(), std::string_view(text).size()) << text;
}

}  // namespace
}  // namespace assay::house
