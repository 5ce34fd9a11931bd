// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/guard.hpp"

#include <pthread.h>

#include <csetjmp>
#include <csignal>

namespace assay::tracer {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constexpr int kCount = sizeof kSignals / sizeof kSignals[0];

sigjmp_buf back;
pthread_t guarded_thread;
struct sigaction before[kCount];

void restore() {
  for (int i = 0; i < kCount; ++i) sigaction(kSignals[i], &before[i], nullptr);
}

// Another thread's crash: with the old handlers back, returning makes it crash again, into them.
void on_crash(int number) {
  if (pthread_equal(pthread_self(), guarded_thread) != 0) siglongjmp(back, number);
  restore();
}

}  // namespace

int guarded(void (*body)()) {
  guarded_thread = pthread_self();
  const int crashed = sigsetjmp(back, 1);
  if (crashed == 0) {
    struct sigaction action = {};
    action.sa_handler = on_crash;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < kCount; ++i) sigaction(kSignals[i], &action, &before[i]);
    body();
  }
  restore();
  return crashed;
}

}  // namespace assay::tracer
