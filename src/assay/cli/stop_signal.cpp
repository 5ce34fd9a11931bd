// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/stop_signal.hpp"

#include <csignal>
#include <initializer_list>

namespace assay::cli {
namespace {

volatile std::sig_atomic_t caught = 0;
volatile std::sig_atomic_t sent_to_us = 0;

void remember(int number, siginfo_t* info, void*) {
  caught = number;
  sent_to_us = info->si_code == SI_USER ? 1 : 0;
}

}  // namespace

void catch_stop_signals() {
  struct sigaction action = {};
  action.sa_sigaction = remember;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_SIGINFO;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction inherited = {};
    sigaction(number, nullptr, &inherited);
    if (inherited.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);
  }
}

int stop_signal() { return caught; }

int stop_signal_to_pass_on() { return sent_to_us != 0 ? static_cast<int>(caught) : 0; }

}  // namespace assay::cli
