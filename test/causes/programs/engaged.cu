// SPDX-License-Identifier: Apache-2.0
// Something is near its peak, or arithmetic runs where it is slow.
#include "kernels.cuh"
#include "program.cuh"

constexpr long kFloats = 1L << 28;  // 1 GiB

// --- memory-bound ---

PROGRAM(dram_copy, "dram-copy") {
  float4* from = device_array<float4>(kFloats / 4);
  float4* to = device_array<float4>(kFloats / 4);
  const int blocks = sms() * 4;
  repeat(seconds, 4, [&] { stream_copy<<<blocks, 512>>>(to, from, kFloats / 4); });
}

__global__ void triad(float4* a, const float4* b, const float4* c, long n) {
  const long stride = static_cast<long>(gridDim.x) * blockDim.x;
  for (long i = static_cast<long>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride) {
    const float4 x = b[i];
    const float4 y = c[i];
    a[i] = {x.x + 2 * y.x, x.y + 2 * y.y, x.z + 2 * y.z, x.w + 2 * y.w};
  }
}

PROGRAM(dram_triad, "dram-triad") {
  float4* a = device_array<float4>(kFloats / 4);
  float4* b = device_array<float4>(kFloats / 4);
  float4* c = device_array<float4>(kFloats / 4);
  const int blocks = sms() * 4;
  repeat(seconds, 4, [&] { triad<<<blocks, 512>>>(a, b, c, kFloats / 4); });
}

__global__ void sum_all(float* out, const float4* in, long n) {
  const long stride = static_cast<long>(gridDim.x) * blockDim.x;
  float sum = 0;
  for (long i = static_cast<long>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride) {
    const float4 x = in[i];
    sum += x.x + x.y + x.z + x.w;
  }
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

PROGRAM(dram_read, "dram-read") {
  float4* in = device_array<float4>(kFloats / 4);
  float* out = device_array<float>(1 << 22);
  const int blocks = sms() * 4;
  repeat(seconds, 4, [&] { sum_all<<<blocks, 512>>>(out, in, kFloats / 4); });
}

// --- on the wrong pipe ---

// A matrix product as a textbook writes it: fp32 on the vector pipes, 64 x 64 tiles, 4 x 4 a thread.
__global__ void __launch_bounds__(256) matmul_tiled(float* c, const float* a, const float* b, int n) {
  __shared__ float ta[16][64];
  __shared__ float tb[16][64];
  const int tx = threadIdx.x % 16;
  const int ty = threadIdx.x / 16;
  float sum[4][4] = {};
  for (int k0 = 0; k0 < n; k0 += 16) {
    for (int i = threadIdx.x; i < 1024; i += 256) {
      ta[i % 16][i / 16] = a[(blockIdx.y * 64L + i / 16) * n + k0 + i % 16];
      tb[i / 64][i % 64] = b[(k0 + i / 64) * static_cast<long>(n) + blockIdx.x * 64 + i % 64];
    }
    __syncthreads();
#pragma unroll
    for (int k = 0; k < 16; ++k)
      for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 4; ++j) sum[i][j] += ta[k][ty * 4 + i] * tb[k][tx * 4 + j];
    __syncthreads();
  }
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      c[(blockIdx.y * 64L + ty * 4 + i) * n + blockIdx.x * 64 + tx * 4 + j] = sum[i][j];
}

PROGRAM(wrong_own_matmul, "wrong-own-matmul") {
  constexpr int kN = 8192;
  float* a = device_array<float>(std::size_t{kN} * kN);
  float* b = device_array<float>(std::size_t{kN} * kN);
  float* c = device_array<float>(std::size_t{kN} * kN);
  repeat(seconds, 1, [&] { matmul_tiled<<<dim3(kN / 64, kN / 64), 256>>>(c, a, b, kN); });
}

// --- divergent lanes ---

// Each of a warp's 32 lanes takes a way of its own.
__global__ void every_lane_its_way(float* out, int rounds) {
  float x = static_cast<float>(threadIdx.x);
  for (int r = 0; r < rounds; ++r)
    for (int way = 0; way < 32; ++way)
      if (threadIdx.x % 32 == static_cast<unsigned>(way))
        for (int k = 0; k < 16; ++k) x = x * 1.000001F + static_cast<float>(way);
  out[blockIdx.x * blockDim.x + threadIdx.x] = x;
}

PROGRAM(divergent_32_ways, "divergent-32-ways") {
  float* x = device_array<float>(1 << 22);
  const int blocks = sms() * 2;
  repeat(seconds, 2, [&] { every_lane_its_way<<<blocks, 1024>>>(x, 150); });
}

// One lane in four has an item.
__global__ void one_lane_in_four(float* out, int rounds) {
  float a[8] = {};
  if (threadIdx.x % 4 == 0)
    for (int r = 0; r < rounds; r += 8)
      for (float& x : a) x = x * 1.000001F + 0.5F;
  out[blockIdx.x * blockDim.x + threadIdx.x] = a[0] + a[1] + a[2] + a[3] + a[4] + a[5] + a[6] + a[7];
}

PROGRAM(divergent_sparse_lanes, "divergent-sparse-lanes") {
  float* x = device_array<float>(1 << 22);
  const int blocks = sms() * 2;
  repeat(seconds, 2, [&] { one_lane_in_four<<<blocks, 1024>>>(x, 100'000); });
}

// Items of very different length, one a lane: a warp runs as long as its longest.
__global__ void uneven_items(float* out, int most) {
  const unsigned hash = (blockIdx.x * blockDim.x + threadIdx.x) * 2654435761U;
  const int mine = hash >> 28 == 0 ? most : most / 24;
  float x = static_cast<float>(threadIdx.x);
  float y = 1;
  for (int r = 0; r < mine; ++r) {
    x = x * 1.000001F + 0.5F;
    y = y * 0.999999F + 0.25F;
  }
  out[blockIdx.x * blockDim.x + threadIdx.x] = x + y;
}

PROGRAM(divergent_uneven_items, "divergent-uneven-items") {
  float* x = device_array<float>(1 << 24);
  const int blocks = sms() * 16;
  repeat(seconds, 2, [&] { uneven_items<<<blocks, 1024>>>(x, 20'000); });
}

// Escape times of neighbouring points that have nothing to do with each other.
__global__ void escape_times(int* out, int most) {
  const unsigned id = blockIdx.x * blockDim.x + threadIdx.x;
  const unsigned hash = id * 2246822519U ^ (id >> 13);
  const float cx = -2.0F + 2.5F * static_cast<float>(hash & 0xffff) / 65536.0F;
  const float cy = -1.25F + 2.5F * static_cast<float>(hash >> 16) / 65536.0F;
  float x = 0;
  float y = 0;
  int n = 0;
  while (n < most && x * x + y * y < 4) {
    const float t = x * x - y * y + cx;
    y = 2 * x * y + cy;
    x = t;
    ++n;
  }
  out[id] = n;
}

PROGRAM(divergent_escape_times, "divergent-escape-times") {
  int* x = device_array<int>(1 << 24);
  const int blocks = sms() * 16;
  repeat(seconds, 2, [&] { escape_times<<<blocks, 1024>>>(x, 20'000); });
}

// --- a collective's stand-in: one GPU has no peer, so a wait by the device's timer is the peer ---

// A small grid, as NCCL's, that waits for a peer and then adds what it sent.
extern "C" __global__ void ncclDevKernel_AllReduce_Sum_f32_RING_LL(float* x, const float* from,
                                                                    long n,
                                                                    unsigned long long wait_ns) {
  unsigned long long begin = 0;
  unsigned long long at = 0;
  asm volatile("mov.u64 %0, %globaltimer;" : "=l"(begin));
  do asm volatile("mov.u64 %0, %globaltimer;" : "=l"(at));
  while (at - begin < wait_ns);
  const long stride = static_cast<long>(gridDim.x) * blockDim.x;
  for (long i = static_cast<long>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride)
    x[i] += from[i];
}

static void layers_and_collectives(double seconds, int rounds, long n, unsigned long long wait_ns) {
  float* x = device_array<float>(1 << 24);
  float* peer = device_array<float>(1 << 24);
  const int blocks = sms() * 2;
  repeat(seconds, 4, [&] {
    multiply_add<<<blocks, 1024>>>(x, rounds);
    ncclDevKernel_AllReduce_Sum_f32_RING_LL<<<24, 544>>>(x, peer, n, wait_ns);
  });
}

PROGRAM(nccl_stand_in_late_peer, "nccl-stand-in-late-peer") {
  layers_and_collectives(seconds, 30'000, 1 << 16, 1'500'000);
}

PROGRAM(nccl_stand_in_large, "nccl-stand-in-large") {
  layers_and_collectives(seconds, 30'000, 1 << 24, 200'000);
}

// --- healthy: fp32 where fp32 is what is wanted ---

__global__ void bodies(float4* force, const float4* at, int n) {
  __shared__ float4 tile[256];
  const int i = blockIdx.x * 256 + threadIdx.x;
  const float4 me = at[i % n];
  float3 f = {0, 0, 0};
  for (int t = 0; t < n; t += 256) {
    tile[threadIdx.x] = at[t + threadIdx.x];
    __syncthreads();
#pragma unroll 16
    for (int k = 0; k < 256; ++k) {
      const float4 you = tile[k];
      const float dx = you.x - me.x;
      const float dy = you.y - me.y;
      const float dz = you.z - me.z;
      const float r2 = dx * dx + dy * dy + dz * dz + 0.01F;
      const float inverse = rsqrtf(r2);
      const float s = you.w * inverse * inverse * inverse;
      f.x += dx * s;
      f.y += dy * s;
      f.z += dz * s;
    }
    __syncthreads();
  }
  force[i] = {f.x, f.y, f.z, 0};
}

PROGRAM(healthy_bodies, "healthy-bodies") {
  constexpr int kBodies = 1 << 14;
  float4* at = device_array<float4>(kBodies);
  const int blocks = sms() * 16;
  float4* force = device_array<float4>(static_cast<std::size_t>(blocks) * 256);
  repeat(seconds, 2, [&] { bodies<<<blocks, 256>>>(force, at, kBodies); });
}
