// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/child.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace assay::cli {
namespace {

TEST(Child, PassesExitCodeEnvironmentAndSignals) {
  auto exits = Child::start({"sh", "-c", "exit $CODE"}, {{"CODE", "7"}}, -1);
  ASSERT_TRUE(exits);
  EXPECT_EQ(exits->wait(), 7);
  EXPECT_EQ(exits->poll(), 7);

  auto killed = Child::start({"sleep", "60"}, {}, -1);
  ASSERT_TRUE(killed);
  EXPECT_FALSE(killed->poll());
  killed->signal(SIGTERM);
  EXPECT_EQ(killed->wait(), 128 + SIGTERM);
}

// Job control as a shell sees it: a group of its own, which stops when its child is stopped.
TEST(Child, AStoppedChildStopsTheOneThatWaits) {
  const pid_t waiting = fork();
  ASSERT_GE(waiting, 0);
  if (waiting == 0) {
    setpgid(0, 0);
    auto child = Child::start({"sh", "-c", "kill -TSTP $$; exit 5"}, {}, -1);
    _exit(child ? child->wait() : 1);
  }
  setpgid(waiting, waiting);
  int status = 0;
  ASSERT_EQ(waitpid(waiting, &status, WUNTRACED), waiting);
  EXPECT_TRUE(WIFSTOPPED(status)) << status;
  kill(-waiting, SIGCONT);
  if (WIFSTOPPED(status)) {
    ASSERT_EQ(waitpid(waiting, &status, 0), waiting);
  }
  EXPECT_EQ(WEXITSTATUS(status), 5);
}

TEST(Child, StartFailuresHaveTheShellsCodes) {
  const auto missing = Child::start({"no-such-program-anywhere"}, {}, -1);
  ASSERT_FALSE(missing);
  EXPECT_EQ(start_failure_code(missing.error()), 127);
  const auto folder = Child::start({"/etc"}, {}, -1);
  ASSERT_FALSE(folder);
  EXPECT_EQ(start_failure_code(folder.error()), 126);
}

TEST(OutputOf, IsTheTextOrNothing) {
  EXPECT_EQ(output_of({"printf", "a b"}), "a b");
  EXPECT_FALSE(output_of({"false"}));
  EXPECT_FALSE(output_of({"no-such-program-anywhere"}));
}

}  // namespace
}  // namespace assay::cli
