// SPDX-License-Identifier: Apache-2.0
// `assay top` where it can't draw; what it draws is in test/tui.
#include <gmock/gmock.h>

#include <algorithm>

#include "program.hpp"

namespace assay::test {
namespace {

using testing::HasSubstr;

TEST(Top, WithoutATerminalItSaysSoOnce) {
  for (const char* arguments : {"top", "top --sim fleet-8", "top h100-lab"}) {
    const Outcome outcome = run(arguments, "TERM=xterm");
    EXPECT_EQ(outcome.code, 2) << arguments;
    EXPECT_EQ(outcome.out, "");
    // Built without FTXUI it says that instead.
    EXPECT_THAT(outcome.err, testing::AnyOf(HasSubstr("assay top draws on a terminal"),
                                            HasSubstr("built without `top`")));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  }
}

TEST(Top, ARecordingAndASimulationExcludeEachOther) {
  EXPECT_EQ(run("top h100-lab --sim fleet-8").code, 2);
  EXPECT_EQ(run("top h100-lab --engine http://127.0.0.1:1").code, 2);
  EXPECT_EQ(run("top --model llama-3.1-8b").code, 2);
  EXPECT_EQ(run("top --period 10").code, 2);
  EXPECT_EQ(run("top --json").code, 2);
}

}  // namespace
}  // namespace assay::test
