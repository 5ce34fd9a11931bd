// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/signal_relay.hpp"

#include <signal.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>

namespace assay::cli {
namespace {

constexpr std::array kRelayed = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGUSR1,
                                 SIGUSR2, SIGALRM, SIGTSTP, SIGCONT, SIGWINCH};
constexpr std::size_t kMostNumbers = 65;

volatile pid_t child_pid = 0;
std::array<volatile std::sig_atomic_t, kMostNumbers> waiting{};
std::array<struct sigaction, kRelayed.size()> before{};

void pass_on(int number, siginfo_t* info, void*) {
  // From the kernel: the terminal's, which the child has too, or an alarm set before assay began.
  if (info->si_code > 0 && number != SIGALRM) return;
  const int error = errno;
  if (child_pid != 0) kill(child_pid, number);
  else waiting[static_cast<std::size_t>(number)] = 1;
  errno = error;
}

}  // namespace

SignalRelay::SignalRelay() {
  struct sigaction action = {};
  action.sa_sigaction = pass_on;
  // No SA_RESTART: Child::wait() waits again by itself, and a sanitizer that keeps a handler until
  // the call it came into returns (TSan of g++ 12 in waitpid) would never run it.
  action.sa_flags = SA_SIGINFO;
  for (std::size_t i = 0; i < kRelayed.size(); ++i) {
    sigaction(kRelayed[i], nullptr, &before[i]);
    if (before[i].sa_handler != SIG_IGN) sigaction(kRelayed[i], &action, nullptr);
  }
}

SignalRelay::~SignalRelay() {
  child_pid = 0;
  for (std::size_t i = 0; i < kRelayed.size(); ++i) sigaction(kRelayed[i], &before[i], nullptr);
}

void SignalRelay::target(pid_t child) {
  child_pid = child;
  if (child == 0) return;
  for (const int number : kRelayed) {
    volatile std::sig_atomic_t& came = waiting[static_cast<std::size_t>(number)];
    if (came != 0) kill(child, number);
    came = 0;
  }
}

}  // namespace assay::cli
