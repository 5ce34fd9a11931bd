// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::cli {

// From now on SIGINT, SIGTERM and SIGHUP no longer end the program: they are remembered, so that a
// recording can be closed properly. A second one of the same kind ends it at once. SIGHUP that was
// ignored from the start (nohup) stays ignored.
void catch_stop_signals();

// The signal that came, or 0.
int stop_signal();

// The same if some process sent it to this one, else 0: what the terminal sends (Ctrl-C) has
// reached a child of ours too, and twice is once too often.
int stop_signal_to_pass_on();

// From now on each stop signal that is caught, and each child that ends, adds one to this eventfd;
// -1: no longer.
void ring_on_signals(int eventfd);

}  // namespace assay::cli
