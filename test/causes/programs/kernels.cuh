// SPDX-License-Identifier: Apache-2.0
// Kernels that several programs use. `rounds` sets their length.
#pragma once

#include <cuda_runtime.h>

// fp32 arithmetic at full rate: eight chains a thread. About 16 x rounds cycles at full occupancy.
static __global__ void multiply_add(float* out, int rounds) {
  float a[8];
  for (int i = 0; i < 8; ++i) a[i] = static_cast<float>(threadIdx.x + i);
  for (int r = 0; r < rounds; r += 8)
    for (float& x : a) x = x * 1.000001F + 0.5F;
  float sum = 0;
  for (const float x : a) sum += x;
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

// One pass over memory, grid-stride, 16 bytes at a time.
static __global__ void stream_copy(float4* to, const float4* from, long n) {
  const long stride = static_cast<long>(gridDim.x) * blockDim.x;
  for (long i = static_cast<long>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride)
    to[i] = from[i];
}

static __global__ void scale_in_place(float* x, long n, float by) {
  const long stride = static_cast<long>(gridDim.x) * blockDim.x;
  for (long i = static_cast<long>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride)
    x[i] = x[i] * by + 0.001F;
}
