// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::tracer {

// Starts the tracer's one thread, which has CUPTI hand over what it holds four times a second (so
// that a process that is killed loses no more), opens and closes the bursts, and stops tracing when
// the reader has gone. At exit of the process it collects the rest; exit waits for that two seconds
// at most.
void start_pace();

}  // namespace assay::tracer
