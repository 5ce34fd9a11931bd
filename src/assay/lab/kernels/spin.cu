// SPDX-License-Identifier: Apache-2.0
#include "common.cuh"

// Waits for time to pass and does nothing else: the kernel that nvidia-smi calls 100 % busy.
// The clock is polled in between because a read of %globaltimer is slow: with every warp slot full
// this keeps the integer pipe at its peak.
LAB_KERNEL(assay_spin, 1024, 1) {
  const Stopwatch watch = start_stopwatch();
  const u64 deadline = agree_on_deadline(control, duration_ns);
  for (u64 round = 0; round < max_rounds && globaltimer() < deadline; ++round) {
    const long long from = clock64();
    // 16,384 cycles are 8 us at 2 GHz; the count of 65,536 is the fuse against a stopped clock.
    for (int poll = 0; poll < 65536 && clock64() - from < 16384; ++poll) {
    }
  }
  stop_stopwatch(control, watch);
}
