// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "assay/base/result.hpp"

namespace assay::cli {

// Adds up what a regular expression finds in lines of text: the number in its first group, or in
// the whole match where it has none; commas and underscores between digits are skipped. One thread.
class NumberFinder {
 public:
  // POSIX extended syntax. invalid_argument, with what is wrong.
  static Result<NumberFinder> compile(const std::string& pattern);
  ~NumberFinder();
  NumberFinder(NumberFinder&& other) noexcept;
  NumberFinder& operator=(NumberFinder&&) = delete;

  void line(const std::string& text);
  // The sum over all matches; nothing where there was none.
  [[nodiscard]] std::optional<double> sum() const { return sum_; }

 private:
  explicit NumberFinder(void* regex) : regex_(regex) {}
  void* regex_;  // a regex_t, whose header stays in the .cpp
  std::optional<double> sum_;
};

// A pipe that a child writes its standard output into: everything goes on to assay's own, at once
// and unchanged, and each line past the finder.
class OutputTap {
 public:
  static Result<std::unique_ptr<OutputTap>> open(NumberFinder finder);
  ~OutputTap();
  OutputTap(const OutputTap&) = delete;
  OutputTap& operator=(const OutputTap&) = delete;

  [[nodiscard]] int write_end() const { return write_fd_; }
  // After the child has been started: from now on the pipe is read.
  void start();
  // After the child has ended: reads what is still there, but waits for no other process that has
  // the pipe open. The sum.
  std::optional<double> finish();

 private:
  OutputTap(NumberFinder finder, int read_fd, int write_fd);
  void pump();
  bool pass_on();

  NumberFinder finder_;
  int read_fd_;
  int write_fd_;
  int over_fd_;  // an eventfd: the child has ended
  std::string line_;
  std::thread thread_;
};

}  // namespace assay::cli
