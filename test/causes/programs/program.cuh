// SPDX-License-Identifier: Apache-2.0
// What the labelled programs share. Each runs for about the seconds it is given, by the host's clock,
// and every kernel ends by itself.
#pragma once

#include <cuda_runtime.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

struct Program {
  const char* name;
  void (*run)(double seconds);
};
std::vector<Program>& programs();

struct Registered {
  Registered(const char* name, void (*run)(double)) { programs().push_back({name, run}); }
};

// PROGRAM(ident, "name") { ... seconds ... }
#define PROGRAM(ident, name)                             \
  static void run_##ident(double seconds);               \
  static const Registered kProgram_##ident(name, run_##ident); \
  static void run_##ident(double seconds)

// Says why and ends the program, wherever it is: a labelled program that goes on after a failure would
// be recorded as one of its cause.
[[noreturn]] inline void give_up(const char* what, const char* why, int code) {
  std::fprintf(stderr, "labelled: %s: %s\n", what, why);
  std::fflush(nullptr);
  _exit(code);
}

inline void must(cudaError_t code, const char* what) {
  if (code == cudaSuccess) return;
  const bool none = code == cudaErrorNoDevice || code == cudaErrorInsufficientDriver;
  give_up(what, cudaGetErrorString(code), none ? 3 : 1);
}

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline int sms() {
  int count = 0;
  must(cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, 0), "SM count");
  return count;
}

template <typename T>
T* device_array(std::size_t n) {
  T* out = nullptr;
  must(cudaMalloc(&out, n * sizeof(T)), "cudaMalloc");
  must(cudaMemset(out, 1, n * sizeof(T)), "cudaMemset");
  return out;
}

// step() over and over until the time is up, queued ahead by at most two batches: the device never
// waits for this loop's own bookkeeping.
template <typename Step>
void repeat(double seconds, int batch, Step step) {
  cudaEvent_t done[2];
  for (cudaEvent_t& event : done)
    must(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "event");
  const double end = now() + seconds;
  for (int i = 0; now() < end; ++i) {
    if (i >= 2) must(cudaEventSynchronize(done[i % 2]), "wait");
    for (int k = 0; k < batch; ++k) step();
    must(cudaEventRecord(done[i % 2]), "record");
  }
  must(cudaDeviceSynchronize(), "the last kernels");
}

// Host work that no compiler removes.
inline void compute_on_host(double seconds) {
  static volatile double sink = 0;
  for (const double end = now() + seconds; now() < end;) sink = sink + 1.0;
}
