// SPDX-License-Identifier: Apache-2.0
// What every kernel of the lab shares: one signature, one control block, and the deadline that
// ends it on the device itself, so that nothing keeps running when the host is gone.
#pragma once

using u32 = unsigned int;
using u64 = unsigned long long;

// Mirrors assay::lab::Control (cuda.hpp). The host clears it before each run.
struct Control {
  u64 start_ns;    // %globaltimer when the first block arrived; 0 = none yet
  u64 work;        // units of work done; what a unit is, the kernel says
  u64 cycles;      // SM cycles that block 0 lived ...
  u64 elapsed_ns;  // ... and the same span in nanoseconds
  u64 sink;        // keeps results alive; never written in practice
};

// All kernels take the same six parameters, so that none can be launched without a deadline.
#define LAB_PARAMETERS                                                                      \
  Control *__restrict__ control, u64 duration_ns, u64 max_rounds, const void *__restrict__ a, \
      void *__restrict__ b, u64 n
#define LAB_KERNEL(name, threads, blocks_per_sm) \
  extern "C" __global__ void __launch_bounds__(threads, blocks_per_sm) name(LAB_PARAMETERS)

__device__ __forceinline__ u64 globaltimer() {
  u64 now;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(now));
  return now;
}

// The moment at which the whole grid must end. It counts from the first block of the grid, so a
// block of a second wave does not start a term of its own. Every thread of the block must call it.
__device__ __forceinline__ u64 agree_on_deadline(Control* control, u64 duration_ns) {
  __shared__ u64 deadline;
  if (threadIdx.x == 0) {
    const u64 now = globaltimer();
    const u64 first = atomicCAS(&control->start_ns, 0ULL, now);
    deadline = (first == 0 ? now : first) + duration_ns;
  }
  __syncthreads();
  return deadline;
}

// Measures the SM clock over the life of block 0's first thread.
struct Stopwatch {
  long long cycles;
  u64 ns;
};
__device__ __forceinline__ Stopwatch start_stopwatch() { return {clock64(), globaltimer()}; }
__device__ __forceinline__ void stop_stopwatch(Control* control, Stopwatch from) {
  if (blockIdx.x != 0 || threadIdx.x != 0) return;
  control->cycles = static_cast<u64>(clock64() - from.cycles);
  control->elapsed_ns = globaltimer() - from.ns;
}

// The same answer in all lanes of a warp, so that a warp never splits over the end. max_rounds is
// the second fuse: it ends the kernel even where %globaltimer stands still.
__device__ __forceinline__ bool go_on(u64 round, u64 max_rounds, u64 deadline) {
  return round < max_rounds && __shfl_sync(0xffffffffU, globaltimer() < deadline ? 1 : 0, 0) != 0;
}

// Adds a full warp's work once.
__device__ __forceinline__ void add_warp_work(Control* control, u64 rounds) {
  if (threadIdx.x % 32 == 0) atomicAdd(&control->work, rounds);
}
