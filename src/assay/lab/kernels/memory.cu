// SPDX-License-Identifier: Apache-2.0
#include "common.cuh"

// Both sweeps: n is the number of 16-byte words, a multiple of gridDim.x * kChunkWords, so that
// each block keeps to chunks of its own and no word read by one block is found in L2 by another.
// The buffer is many times L2 and each block comes back to a chunk only after its whole share.
// work counts block-rounds of kChunksPerRound chunks.
constexpr int kThreads = 512;
constexpr int kWordsPerThread = 4;
constexpr u64 kChunkWords = kThreads * kWordsPerThread;  // 32 KiB
constexpr int kChunksPerRound = 16;                      // 512 KiB

// The block stops as one; thread 0's view of the time decides.
__device__ __forceinline__ bool block_goes_on(u64 round, u64 max_rounds, u64 deadline) {
  const bool expired = threadIdx.x == 0 && globaltimer() >= deadline;
  return round < max_rounds && __syncthreads_or(expired ? 1 : 0) == 0;
}

LAB_KERNEL(assay_dram_read, kThreads, 2) {
  const Stopwatch watch = start_stopwatch();
  const u64 deadline = agree_on_deadline(control, duration_ns);
  const uint4* source = static_cast<const uint4*>(a) + threadIdx.x;
  u32 seen = 0;
  u64 at = blockIdx.x * kChunkWords;
  u64 round = 0;
  for (; block_goes_on(round, max_rounds, deadline); ++round) {
#pragma unroll 2
    for (int chunk = 0; chunk < kChunksPerRound; ++chunk) {
      uint4 word[kWordsPerThread];
#pragma unroll
      for (int i = 0; i < kWordsPerThread; ++i) word[i] = __ldcs(source + at + i * kThreads);
#pragma unroll
      for (int i = 0; i < kWordsPerThread; ++i) {
        seen ^= word[i].x ^ word[i].y ^ word[i].z ^ word[i].w;
      }
      at += gridDim.x * kChunkWords;
      if (at >= n) at = blockIdx.x * kChunkWords;
    }
  }
  // Can't be known at compile time; one word more or less does not matter.
  if (seen == 0x9e3779b9U) control->sink = seen;
  if (threadIdx.x == 0) atomicAdd(&control->work, round);
  stop_stopwatch(control, watch);
}

LAB_KERNEL(assay_dram_copy, kThreads, 2) {
  const Stopwatch watch = start_stopwatch();
  const u64 deadline = agree_on_deadline(control, duration_ns);
  const uint4* source = static_cast<const uint4*>(a) + threadIdx.x;
  uint4* target = static_cast<uint4*>(b) + threadIdx.x;
  u64 at = blockIdx.x * kChunkWords;
  u64 round = 0;
  for (; block_goes_on(round, max_rounds, deadline); ++round) {
#pragma unroll 1
    for (int chunk = 0; chunk < kChunksPerRound; ++chunk) {
      uint4 word[kWordsPerThread];
#pragma unroll
      for (int i = 0; i < kWordsPerThread; ++i) word[i] = __ldcs(source + at + i * kThreads);
#pragma unroll
      for (int i = 0; i < kWordsPerThread; ++i) __stcs(target + at + i * kThreads, word[i]);
      at += gridDim.x * kChunkWords;
      if (at >= n) at = blockIdx.x * kChunkWords;
    }
  }
  if (threadIdx.x == 0) atomicAdd(&control->work, round);
  stop_stopwatch(control, watch);
}

// A small step as an eager framework launches it: 1,024 additions, over in microseconds. It has no
// loop, so the deadline has nothing to end; the host stops launching and its queue is short.
LAB_KERNEL(assay_tiny, 1024, 1) {
  const u64 i = blockIdx.x * static_cast<u64>(blockDim.x) + threadIdx.x;
  if (i < n) static_cast<float*>(b)[i] += static_cast<const float*>(a)[i];
}

// Two bf16 numbers, uniform in [-1, 1), as one word. Zeros would draw less power and run faster
// than any real product. The mix is the finalizer of MurmurHash3 (Appleby, public domain).
__device__ __forceinline__ u32 random_pair(u64 seed) {
  u64 h = seed + 0x9e3779b97f4a7c15ULL;
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  h ^= h >> 33;
  const float low = static_cast<float>(static_cast<u32>(h) >> 8) * (2.0F / 16777216.0F) - 1.0F;
  const float high = static_cast<float>(static_cast<u32>(h >> 40)) * (2.0F / 16777216.0F) - 1.0F;
  return (__float_as_uint(low) >> 16) | (__float_as_uint(high) & 0xffff0000U);
}

// b = n words of random bf16 pairs. Bounded by n; the deadline ends it early on a stuck device.
LAB_KERNEL(assay_fill, 1024, 1) {
  const u64 deadline = agree_on_deadline(control, duration_ns);
  const u64 step = static_cast<u64>(gridDim.x) * blockDim.x;
  u64 i = blockIdx.x * static_cast<u64>(blockDim.x) + threadIdx.x;
  for (u64 round = 0; i < n && round < max_rounds; i += step, ++round) {
    if (round % 1024 == 1023 && globaltimer() >= deadline) return;
    static_cast<u32*>(b)[i] = random_pair(i);
  }
}
