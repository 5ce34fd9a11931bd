// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "assay/base/result.hpp"

namespace assay::cli {

// A program started by assay. One thread.
class Child {
 public:
  struct Variable {
    std::string name;
    std::string value;
  };

  // Starts argv[0] by $PATH with the variables added to the environment; `inherited_fd`, if not
  // negative, stays open in it; `stdout_fd` and `stderr_fd`, if not negative, are its standard
  // output and error. Errors: not_found / no_permission as the shell would say.
  static Result<Child> start(const std::vector<std::string>& argv,
                             const std::vector<Variable>& variables, int inherited_fd,
                             int stdout_fd = -1, int stderr_fd = -1);

  // Its exit code once it has ended (128 + n if signal n ended it), without waiting.
  std::optional<int> poll();
  // Waits for the end. Where job control stops the child (Ctrl-Z, or SIGTSTP passed on), this
  // process stops too, so that the shell has its terminal back, until it is continued.
  int wait();
  // Waits for the end and passes on each signal that `caught` tells of; does `meanwhile` every few
  // milliseconds.
  int wait_passing_on(int (*caught)(), const std::function<void()>& meanwhile = {});
  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Sends it a signal that came to us, unless it is 0 or the one passed on last: once is enough.
  void pass_on(int number);

 private:
  explicit Child(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
  int passed_on_ = 0;
  std::optional<int> exit_code_;
};

// The shell's exit code for a program that could not be started: 127 not found, 126 not runnable.
int start_failure_code(const Error& error);

// What a program prints on stdout within its lifetime, or nothing if it can't be run or fails.
// For short programs that are sure to end.
std::optional<std::string> output_of(const std::vector<std::string>& argv);

}  // namespace assay::cli
