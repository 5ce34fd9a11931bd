// SPDX-License-Identifier: Apache-2.0
#include "common.cuh"

// Independent chains of fused multiply-adds that never leave the registers. The factors come from
// a parameter (n = 1), or the compiler would fold them. work counts warp-rounds:
// a round is kChains * kUnroll * kBlocks FMAs in each of 32 lanes.
template <typename T, int kChains, int kUnroll, int kBlocks>
__device__ __forceinline__ void fma_until(Control* control, u64 duration_ns, u64 max_rounds,
                                          u64 n) {
  const Stopwatch watch = start_stopwatch();
  const u64 deadline = agree_on_deadline(control, duration_ns);
  const T factor = T(1) - T(n) * T(1e-4);
  const T term = T(n) * T(1e-4);
  T chain[kChains];
#pragma unroll
  for (int i = 0; i < kChains; ++i) chain[i] = T(threadIdx.x) * T(1e-3) + T(i);

  u64 round = 0;
  for (; go_on(round, max_rounds, deadline); ++round) {
#pragma unroll 1
    for (int block = 0; block < kBlocks; ++block) {
#pragma unroll
      for (int step = 0; step < kUnroll; ++step) {
#pragma unroll
        for (int i = 0; i < kChains; ++i) chain[i] = chain[i] * factor + term;
      }
    }
  }

  T sum = T(0);
#pragma unroll
  for (int i = 0; i < kChains; ++i) sum += chain[i];
  if (sum == T(-12345.5)) control->sink = 1;  // chains stay positive: never true
  add_warp_work(control, round);
  stop_stopwatch(control, watch);
}

// 16 x 32 x 8 = 4096 FMAs a round.
LAB_KERNEL(assay_fma32, 1024, 2) {
  fma_until<float, 16, 32, 8>(control, duration_ns, max_rounds, n);
}

// 8 x 32 x 4 = 1024 FMAs a round: consumer chips run fp64 at 1/64 of fp32's rate.
LAB_KERNEL(assay_fma64, 1024, 2) {
  fma_until<double, 8, 32, 4>(control, duration_ns, max_rounds, n);
}

// Each lane takes its own branch, so 31 of 32 lanes wait. A round is kDivergentFmas FMAs in each
// lane, issued as 32 times as many instructions. volatile keeps the branches from being merged.
LAB_KERNEL(assay_divergent, 1024, 2) {
  constexpr int kDivergentFmas = 256;
  const Stopwatch watch = start_stopwatch();
  const u64 deadline = agree_on_deadline(control, duration_ns);
  const float factor = 1.0F - static_cast<float>(n) * 1e-4F;
  const float term = static_cast<float>(n) * 1e-4F;
  const int lane = static_cast<int>(threadIdx.x % 32);
  float chain = static_cast<float>(threadIdx.x) * 1e-3F;

  u64 round = 0;
  for (; go_on(round, max_rounds, deadline); ++round) {
#pragma unroll 1
    for (int turn = 0; turn < 32; ++turn) {
      if (turn == lane) {
#pragma unroll
        for (int step = 0; step < kDivergentFmas; ++step) {
          asm volatile("fma.rn.f32 %0, %0, %1, %2;" : "+f"(chain) : "f"(factor), "f"(term));
        }
      }
      __syncwarp();
    }
  }

  if (chain == -12345.5F) control->sink = 1;
  add_warp_work(control, round);
  stop_stopwatch(control, watch);
}
