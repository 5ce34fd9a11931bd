// SPDX-License-Identifier: Apache-2.0
#include "common.cuh"

// The tensor cores without a library: bf16 products of fragments that never leave the registers,
// fp32 accumulators. It reaches the peak of mma.sync, which on Hopper and newer lies under that of
// the chip's own instructions (wgmma, tcgen05): the result says which was used.
// work counts warp-rounds of kSteps * kTiles products of 16 x 8 x 16 (4,096 flops each).
namespace {

constexpr int kTiles = 8;
constexpr int kSteps = 64;

struct Tile {
  float d[4];
};

__device__ __forceinline__ void multiply_add(Tile& c, const u32 (&a)[4], const u32 (&b)[2]) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c.d[0]), "+f"(c.d[1]), "+f"(c.d[2]), "+f"(c.d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

}  // namespace

// a: at least 16 * 256 words of random bf16 pairs.
LAB_KERNEL(assay_mma, 256, 4) {
  const Stopwatch watch = start_stopwatch();
  const u64 deadline = agree_on_deadline(control, duration_ns);
  const u32* random = static_cast<const u32*>(a) + threadIdx.x;
  u32 left[2][4];
  u32 right[4][2];
  Tile tile[kTiles] = {};
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    left[i / 4][i % 4] = random[i * 256];
    right[i / 2][i % 2] = random[(8 + i) * 256];
  }

  u64 round = 0;
  for (; go_on(round, max_rounds, deadline); ++round) {
#pragma unroll 4
    for (int step = 0; step < kSteps; ++step) {
#pragma unroll
      for (int i = 0; i < kTiles; ++i) multiply_add(tile[i], left[i % 2], right[i / 2]);
    }
  }

  float sum = 0;
#pragma unroll
  for (int i = 0; i < kTiles; ++i) sum += tile[i].d[0] + tile[i].d[1] + tile[i].d[2] + tile[i].d[3];
  if (sum == -12345.5F) control->sink = 1;
  add_warp_work(control, round);
  stop_stopwatch(control, watch);
}
