// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/stop_signal.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <initializer_list>

namespace assay::cli {
namespace {

volatile std::sig_atomic_t caught = 0;
volatile std::sig_atomic_t sent_to_us = 0;
volatile std::sig_atomic_t bell = -1;

void ring() {
  const int error = errno;  // a handler must leave it as it was
  const std::uint64_t one = 1;
  if (bell >= 0) static_cast<void>(::write(bell, &one, sizeof one) < 0);
  errno = error;
}

void remember(int number, siginfo_t* info, void*) {
  caught = number;
  sent_to_us = info->si_code == SI_USER ? 1 : 0;
  ring();
}

void a_child_ended(int) { ring(); }

}  // namespace

void catch_stop_signals() {
  struct sigaction action = {};
  action.sa_sigaction = remember;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_SIGINFO;
  // A shell script starts `assay record &` with SIGINT ignored; whoever sends it by hand means it all
  // the same. SIGHUP is left to nohup.
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction inherited = {};
    sigaction(number, nullptr, &inherited);
    if (number != SIGHUP || inherited.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);
  }
}

int stop_signal() { return caught; }

void ring_on_signals(int eventfd) {
  bell = eventfd;
  struct sigaction action = {};
  action.sa_flags = SA_RESTART | SA_NOCLDSTOP;
  action.sa_handler = eventfd >= 0 ? a_child_ended : SIG_DFL;
  sigaction(SIGCHLD, &action, nullptr);
}

int stop_signal_to_pass_on() { return sent_to_us != 0 ? static_cast<int>(caught) : 0; }

}  // namespace assay::cli
