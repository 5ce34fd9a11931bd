// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::tracer {

// Runs `body` on this thread; if it crashes there (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT), gives
// up on it and returns the signal's number, else 0. The process's own handlers stand again
// afterwards, and a crash of any other thread meanwhile goes to them. What `body` had begun is left
// as it is: it must own nothing that needs a destructor. For the set-up alone.
int guarded(void (*body)());

}  // namespace assay::tracer
