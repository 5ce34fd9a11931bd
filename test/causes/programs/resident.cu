// SPDX-License-Identifier: Apache-2.0
// Kernels are resident all the time, and SMs are empty, or their warps wait.
#include "kernels.cuh"
#include "program.cuh"

// --- grid too small ---

PROGRAM(grid_one_thread, "grid-one-thread") {
  float* x = device_array<float>(1 << 10);
  repeat(seconds, 2, [&] { multiply_add<<<1, 1>>>(x, 3'000'000); });
}

PROGRAM(grid_one_block, "grid-one-block") {
  float* x = device_array<float>(1 << 24);
  repeat(seconds, 2, [&] { scale_in_place<<<1, 1024>>>(x, 1 << 21, 0.5F); });
}

PROGRAM(grid_twenty_blocks, "grid-twenty-blocks") {
  float4* from = device_array<float4>(1 << 24);
  float4* to = device_array<float4>(1 << 24);
  repeat(seconds, 4, [&] { stream_copy<<<20, 1024>>>(to, from, 1 << 24); });
}

PROGRAM(grid_half_the_sms, "grid-half-the-sms") {
  float* x = device_array<float>(1 << 20);
  const int blocks = sms() / 2;
  repeat(seconds, 4, [&] { multiply_add<<<blocks, 1024>>>(x, 200'000); });
}

// --- tail wave ---

// A block that takes a whole SM: so much shared memory that no second one fits.
extern __shared__ float whole_sm[];
__global__ void whole_sm_block(float* out, int rounds) {
  whole_sm[threadIdx.x] = static_cast<float>(threadIdx.x);
  __syncthreads();
  float a[8];
  for (int i = 0; i < 8; ++i) a[i] = whole_sm[threadIdx.x] + static_cast<float>(i);
  for (int r = 0; r < rounds; r += 8)
    for (float& x : a) x = x * 1.000001F + 0.5F;
  float sum = 0;
  for (const float x : a) sum += x;
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

static int opt_in(int bytes) {
  must(cudaFuncSetAttribute(whole_sm_block, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes),
       "shared memory");
  return bytes;
}

constexpr int kWholeSm = 120 << 10;  // more than half of an SM's shared memory, from 8.0 on
constexpr int kHalfSm = 60 << 10;

PROGRAM(tail_one_over, "tail-one-over") {
  float* x = device_array<float>(1 << 22);
  const int shared = opt_in(kWholeSm);
  const int blocks = sms() + 1;
  repeat(seconds, 4, [&] { whole_sm_block<<<blocks, 512, shared>>>(x, 100'000); });
}

PROGRAM(tail_three_blocks_an_sm, "tail-three-blocks-an-sm") {
  float* x = device_array<float>(1 << 22);
  const int shared = opt_in(kHalfSm);
  const int blocks = sms() * 3 + sms() / 5;
  repeat(seconds, 4, [&] { whole_sm_block<<<blocks, 512, shared>>>(x, 100'000); });
}

PROGRAM(tail_two_waves_and_a_bit, "tail-two-waves-and-a-bit") {
  float* x = device_array<float>(1 << 22);
  const int shared = opt_in(kWholeSm);
  const int blocks = sms() * 2 + sms() / 8;
  repeat(seconds, 4, [&] { whole_sm_block<<<blocks, 256, shared>>>(x, 100'000); });
}

// Full waves by the launch's shape, but block 0 has eight times the work of the others.
__global__ void uneven_blocks(float* out, int rounds) {
  const int mine = blockIdx.x == 0 ? rounds * 8 : rounds;
  float a[4];
  for (int i = 0; i < 4; ++i) a[i] = static_cast<float>(threadIdx.x + i);
  for (int r = 0; r < mine; r += 4)
    for (float& x : a) x = x * 1.000001F + 0.5F;
  out[blockIdx.x * blockDim.x + threadIdx.x] = a[0] + a[1] + a[2] + a[3];
}

PROGRAM(tail_uneven_blocks, "tail-uneven-blocks") {
  float* x = device_array<float>(1 << 22);
  const int blocks = sms() * 4;
  repeat(seconds, 4, [&] { uneven_blocks<<<blocks, 1024>>>(x, 40'000); });
}

// --- latency-bound ---

__global__ void chase(const unsigned* next, unsigned* out, int steps) {
  unsigned at = blockIdx.x * blockDim.x + threadIdx.x;
  for (int i = 0; i < steps; ++i) at = next[at];
  out[blockIdx.x * blockDim.x + threadIdx.x] = at;
}

__global__ void scatter_links(unsigned* next, unsigned n) {
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
    next[i] = (i * 1664525U + 1013904223U) & (n - 1);
}

// 512 MiB of links, each to a far place: every step misses the caches.
static unsigned* links() {
  constexpr unsigned kLinks = 1U << 27;
  unsigned* next = device_array<unsigned>(kLinks);
  scatter_links<<<1024, 256>>>(next, kLinks);
  return next;
}

PROGRAM(latency_chase_one_warp, "latency-chase-one-warp") {
  unsigned* next = links();
  unsigned* out = device_array<unsigned>(1 << 20);
  const int blocks = sms();
  repeat(seconds, 2, [&] { chase<<<blocks, 32>>>(next, out, 4'000); });
}

PROGRAM(latency_chase_four_warps, "latency-chase-four-warps") {
  unsigned* next = links();
  unsigned* out = device_array<unsigned>(1 << 20);
  const int blocks = sms();
  repeat(seconds, 2, [&] { chase<<<blocks, 128>>>(next, out, 4'000); });
}

// One warp a scheduler, each instruction needs the one before.
__global__ void dependent_chain(float* out, int rounds) {
  float x = static_cast<float>(threadIdx.x) + 1.5F;
  for (int r = 0; r < rounds; ++r) x = __fsqrt_rn(x * 1.0001F + 0.25F);
  out[blockIdx.x * blockDim.x + threadIdx.x] = x;
}

PROGRAM(latency_dependent_chain, "latency-dependent-chain") {
  float* x = device_array<float>(1 << 20);
  const int blocks = sms();
  repeat(seconds, 2, [&] { dependent_chain<<<blocks, 128>>>(x, 40'000); });
}

// A tree sum over shared memory between barriers: most warps wait at each.
__global__ void barrier_tree(float* out, const float* in, int rounds) {
  __shared__ float part[1024];
  float sum = 0;
  for (int r = 0; r < rounds; ++r) {
    part[threadIdx.x] = in[(blockIdx.x * 1024 + threadIdx.x + r * 32) & ((1 << 20) - 1)];
    __syncthreads();
    for (int half = 512; half > 0; half /= 2) {
      if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half];
      __syncthreads();
    }
    sum += part[0];
    __syncthreads();
  }
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

PROGRAM(latency_barriers, "latency-barriers") {
  float* in = device_array<float>(1 << 20);
  float* out = device_array<float>(1 << 20);
  const int blocks = sms();
  repeat(seconds, 2, [&] { barrier_tree<<<blocks, 1024>>>(out, in, 2'000); });
}

// --- spinning ---

__global__ void spin_by_clock(long long cycles) {
  const long long end = clock64() + cycles;
  while (clock64() < end) {
  }
}

PROGRAM(spin_all_sms, "spin-all-sms") {
  const int blocks = sms() * 2;
  repeat(seconds, 2, [&] { spin_by_clock<<<blocks, 1024>>>(4'000'000); });
}

// Waits for a flag that another stream sets; gives up after four seconds of the device's time.
__global__ void wait_for_flag(volatile int* flag, int value) {
  unsigned long long begin = 0;
  unsigned long long at = 0;
  asm volatile("mov.u64 %0, %globaltimer;" : "=l"(begin));
  do asm volatile("mov.u64 %0, %globaltimer;" : "=l"(at));
  while (*flag != value && at - begin < 4'000'000'000ULL);
}

PROGRAM(spin_flag, "spin-flag") {
  int* flag = device_array<int>(1);
  cudaStream_t other;
  must(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking), "stream");
  int value = 100;
  for (const double end = now() + seconds; now() < end; ++value) {
    wait_for_flag<<<sms(), 64>>>(flag, value);
    usleep(300'000);
    must(cudaMemcpyAsync(flag, &value, sizeof value, cudaMemcpyHostToDevice, other), "flag");
    must(cudaDeviceSynchronize(), "waiters");
  }
}

// Every block wants the one lock, again and again, and who has it holds it for long.
__global__ void one_lock(int* lock, long long held, int turns) {
  if (threadIdx.x != 0) return;
  for (int i = 0; i < turns; ++i) {
    while (atomicCAS(lock, 0, 1) != 0) {
    }
    const long long end = clock64() + held;
    while (clock64() < end) {
    }
    atomicExch(lock, 0);
  }
}

PROGRAM(spin_lock, "spin-lock") {
  int* lock = device_array<int>(1);
  must(cudaMemset(lock, 0, sizeof(int)), "lock");
  const int blocks = sms();
  repeat(seconds, 1, [&] { one_lock<<<blocks, 32>>>(lock, 100'000, 32); });
}

__global__ void poll_asleep(const volatile int* flag, long long cycles) {
  const long long end = clock64() + cycles;
  while (*flag != -7 && clock64() < end) __nanosleep(200);
}

PROGRAM(spin_polling_asleep, "spin-polling-asleep") {
  int* flag = device_array<int>(1);
  const int blocks = sms();
  repeat(seconds, 2, [&] { poll_asleep<<<blocks, 128>>>(flag, 4'000'000); });
}
