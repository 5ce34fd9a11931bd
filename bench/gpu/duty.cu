// SPDX-License-Identifier: Apache-2.0
// A known duty cycle for the microscope: in every period so many blocks spin for a part of it, by the
// device's own timer; nothing is resident in between. The host paces the periods by absolute time, so
// that the ratio holds on average whatever a launch takes. Usage: duty SECONDS PERIOD_US ON_US BLOCKS
#include <time.h>

#include <charconv>
#include <cstdio>
#include <cstring>

__device__ unsigned long long now_ns() {
  unsigned long long t;
  asm volatile("mov.u64 %0, %globaltimer;" : "=l"(t));
  return t;
}

// Ends by itself after `on_ns` of the device's time.
__global__ void spin(unsigned long long on_ns) {
  const unsigned long long end = now_ns() + on_ns;
  while (now_ns() < end) {
  }
}

static double number(const char* text) {
  double value = 0;
  std::from_chars(text, text + strlen(text), value);
  return value;
}

int main(int argc, char** argv) {
  if (argc != 5) return fprintf(stderr, "usage: duty SECONDS PERIOD_US ON_US BLOCKS\n"), 2;
  const long periods = static_cast<long>(number(argv[1]) * 1e6 / number(argv[2]));
  const long period_ns = static_cast<long>(number(argv[2]) * 1e3);
  const auto on_ns = static_cast<unsigned long long>(number(argv[3]) * 1e3);
  const int blocks = static_cast<int>(number(argv[4]));
  if (cudaFree(nullptr) != cudaSuccess) return fprintf(stderr, "duty: no GPU\n"), 3;
  timespec next{};
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (long i = 0; i < periods; ++i) {
    spin<<<blocks, 32>>>(on_ns);
    next.tv_nsec += period_ns;
    next.tv_sec += next.tv_nsec / 1000000000;
    next.tv_nsec %= 1000000000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, nullptr);
  }
  const cudaError_t code = cudaDeviceSynchronize();
  if (code != cudaSuccess) return fprintf(stderr, "duty: %s\n", cudaGetErrorString(code)), 1;
  return 0;
}
