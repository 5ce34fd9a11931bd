// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assay/sample/sample.hpp"

namespace assay::cli {

// Marks: events that a measured program writes into the recording that runs around it. `assay
// record -- CMD` gives CMD a pipe, named by the environment variable ASSAY_MARKS (a descriptor's
// number); each line that CMD writes there is one mark:
//   {"kind":"lab-kernel","text":"...","at_unix_ns":1763800000000000000}
// Kind and text are free; at_unix_ns may be left out (then: when it was read).
inline constexpr const char* kMarksVariable = "ASSAY_MARKS";

// The writing end; without a recording around it writes go nowhere.
class MarkWriter {
 public:
  static MarkWriter from_environment();
  void write(const sample::Event& event) const;

 private:
  int fd_ = -1;
};

// The reading end. One thread.
class MarkPipe {
 public:
  MarkPipe();
  ~MarkPipe();
  MarkPipe(const MarkPipe&) = delete;
  MarkPipe& operator=(const MarkPipe&) = delete;

  [[nodiscard]] int write_end() const { return write_fd_; }
  // After the child has been started: only it keeps the writing end.
  void close_write_end();
  // Whatever has come since, without waiting. A line that is no mark becomes a "note" as it is.
  std::vector<sample::Event> drain();

 private:
  int read_fd_ = -1;
  int write_fd_ = -1;
  std::string pending_;
};

// One line of the pipe, without its newline, as an event.
sample::Event parse_mark(std::string_view line, sample::WallTime now);
std::string format_mark(const sample::Event& event);

}  // namespace assay::cli
