// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/serve_signals.hpp"

#include <csignal>
#include <utility>

namespace assay::cli {
namespace {

// SIGUSR1 is how the destructor ends the wait.
sigset_t set_of(std::initializer_list<int> numbers) {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : numbers) sigaddset(&set, number);
  return set;
}

}  // namespace

void hold_serve_signals() {
  const sigset_t all = set_of({SIGHUP, SIGINT, SIGTERM, SIGUSR1});
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

ServeSignals::ServeSignals(std::function<void()> reload, std::function<void()> stop)
    : reload_(std::move(reload)), stop_(std::move(stop)), thread_([this] { wait(); }) {}

ServeSignals::~ServeSignals() {
  pthread_kill(thread_.native_handle(), SIGUSR1);
  thread_.join();
}

void ServeSignals::wait() {
  const sigset_t all = set_of({SIGHUP, SIGINT, SIGTERM, SIGUSR1});
  const sigset_t stops = set_of({SIGINT, SIGTERM});
  for (;;) {
    int number = 0;
    if (sigwait(&all, &number) != 0) continue;
    if (number == SIGUSR1) return;
    if (number == SIGHUP) {
      reload_();
      continue;
    }
    stop_();
    // What comes now finds this thread alone willing, and no handler.
    pthread_sigmask(SIG_UNBLOCK, &stops, nullptr);
  }
}

}  // namespace assay::cli
