// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/stop_signal.hpp"

#include <csignal>
#include <initializer_list>

namespace assay::cli {
namespace {

volatile std::sig_atomic_t caught = 0;

void remember(int number) { caught = number; }

}  // namespace

void catch_stop_signals() {
  struct sigaction action = {};
  action.sa_handler = remember;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaction(number, &action, nullptr);
}

int stop_signal() { return caught; }

}  // namespace assay::cli
