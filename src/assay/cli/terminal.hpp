// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/base/result.hpp"

namespace assay::cli {

// The terminal as a screen to draw on: raw keys, the alternate screen, mouse reports (xterm's SGR),
// no cursor. It is ours and not FTXUI's, whose own wakes up a hundred times a second, sends every
// line of every frame, and leaves the screen as it is when the program crashes. There is one
// terminal: one object at a time.
class Terminal {
 public:
  // invalid_argument where stdin or stdout is no terminal.
  static Status check();

  Terminal();   // check() first
  ~Terminal();  // as it was before, also by a fatal signal
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // As on Ctrl-Z: gives the terminal back, stops this process until it is continued, takes it
  // again.
  void suspend();
  // After a stop that could not be seen coming (SIGSTOP): the shell has had the terminal meanwhile.
  void take_back();
  // Each line fills its row of the terminal. Sends the lines that differ from those shown; all of
  // them after a change of size or a suspend.
  void show(const std::vector<std::string>& lines);
  // What was typed so far; waits for nothing. false: the terminal is gone.
  bool read(std::string& bytes);

  struct Extent {
    int columns;
    int rows;
  };
  [[nodiscard]] static Extent extent();
  // SIGTSTP, SIGWINCH or SIGCONT came since the last call. They and the stop signals ring the
  // descriptor that ring() was given.
  static bool take_stop_request();
  static bool take_resize();
  static bool take_continued();
  static void ring(int eventfd);

 private:
  void enter();
  void leave();

  std::vector<std::string> shown_;
};

}  // namespace assay::cli
