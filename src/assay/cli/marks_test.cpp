// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/marks.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace assay::cli {
namespace {

TEST(Marks, CrossThePipeWithTheirTimeAndText) {
  MarkPipe pipe;
  setenv(kMarksVariable, std::to_string(pipe.write_end()).c_str(), 1);
  const sample::Event sent{{1763800812'000'000'001}, 3, "lab-kernel", "two\nlines \"quoted\""};
  MarkWriter::from_environment().write(sent);
  unsetenv(kMarksVariable);
  const auto events = pipe.drain();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0], sent);
  EXPECT_TRUE(pipe.drain().empty());
}

TEST(Marks, ALineThatIsNoMarkBecomesANote) {
  for (const char* line : {"hello", "{}", "[1]", "{\"kind\":7}", "{\"kind\":", ""}) {
    const sample::Event event = parse_mark(line, {42});
    EXPECT_EQ(event.kind, "note");
    EXPECT_EQ(event.text, line);
    EXPECT_EQ(event.at.unix_ns, 42);
  }
}

TEST(Marks, AHalfLineWaitsForItsEnd) {
  MarkPipe pipe;
  ASSERT_EQ(write(pipe.write_end(), "abc", 3), 3);
  EXPECT_TRUE(pipe.drain().empty());
  ASSERT_EQ(write(pipe.write_end(), "def\n", 4), 4);
  const auto events = pipe.drain();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].text, "abcdef");
}

TEST(Marks, WithoutARecordingWritesGoNowhere) {
  unsetenv(kMarksVariable);
  MarkWriter::from_environment().write({{0}, -1, "note", "x"});
  for (const char* bad : {"", "x", "99999", "-1"}) {
    setenv(kMarksVariable, bad, 1);
    MarkWriter::from_environment().write({{0}, -1, "note", "x"});
  }
  unsetenv(kMarksVariable);
}

}  // namespace
}  // namespace assay::cli
