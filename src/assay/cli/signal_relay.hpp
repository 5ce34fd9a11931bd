// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

namespace assay::cli {

// While it lives, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP, SIGCONT and
// SIGWINCH that some process sends to assay go on to its child at once, every one of them; what the
// terminal sends has reached the child by itself. None ends assay: the child decides what they
// mean. One that was ignored from the start (nohup) stays ignored. One at a time.
class SignalRelay {
 public:
  SignalRelay();
  ~SignalRelay();
  SignalRelay(const SignalRelay&) = delete;
  SignalRelay& operator=(const SignalRelay&) = delete;

  // The child has been started. Signals from before go to it now; 0: it has ended.
  static void target(pid_t child);
};

}  // namespace assay::cli
