// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::cli {

// From now on SIGINT, SIGTERM and SIGHUP no longer end the program: they are remembered, so that a
// recording can be closed properly. A second one of the same kind ends it at once.
void catch_stop_signals();

// The signal that came, or 0.
int stop_signal();

}  // namespace assay::cli
