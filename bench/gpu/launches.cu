// SPDX-License-Identifier: Apache-2.0
// Jobs for measuring what a tracer costs them: launches MODE COUNT, prints microseconds a launch
// (or a step) of the timed part, and the process's resident memory in MiB.
//   tiny   COUNT empty kernels back to back: the launch itself is all there is
//   gemm   COUNT kernels of about 200 us on all SMs, as a loop of matrix products
//   graph  COUNT steps of a CUDA graph of 300 kernels of about 8 us, each step waited for, as a
//   decode
// LAUNCH_CPU=N keeps the launching thread on one processor: else which one it gets is most of the
// noise.
#include <cuda_runtime.h>
#include <sched.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

void check(cudaError_t code, const char* what) {
  if (code == cudaSuccess) return;
  std::fprintf(stderr, "launches: %s: %s\n", what, cudaGetErrorString(code));
  std::_Exit(1);
}

__global__ void tiny() {}

__global__ void spin(long long cycles) {
  const long long begin = clock64();
  while (clock64() - begin < cycles) {
  }
}

constexpr long long kCyclesPerUs = 1980;  // an H100's highest clock; only a scale
constexpr int kNodes = 300;

struct Job {
  cudaStream_t stream{};
  cudaGraphExec_t graph{};
  const char* mode = "";

  void prepare() {
    check(cudaStreamCreate(&stream), "stream");
    if (std::strcmp(mode, "graph") != 0) return;
    cudaGraph_t made{};
    check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "capture");
    for (int i = 0; i < kNodes; ++i) spin<<<132, 256, 0, stream>>>(8 * kCyclesPerUs);
    check(cudaStreamEndCapture(stream, &made), "capture");
    check(cudaGraphInstantiate(&graph, made, 0), "graph");
  }
  void once() const {
    if (graph != nullptr) {
      cudaGraphLaunch(graph, stream);
      cudaStreamSynchronize(stream);
    } else if (std::strcmp(mode, "gemm") == 0) {
      spin<<<132, 256, 0, stream>>>(200 * kCyclesPerUs);
    } else {
      tiny<<<1, 32, 0, stream>>>();
    }
  }
};

void stay_on_one_cpu() {
  const char* cpu = std::getenv("LAUNCH_CPU");
  if (cpu == nullptr) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(std::strtol(cpu, nullptr, 10), &set);
  sched_setaffinity(0, sizeof set, &set);
}

double resident_mib() {
  double kib = 0;
  char line[256];
  std::FILE* status = std::fopen("/proc/self/status", "r");
  while (status != nullptr && std::fgets(line, sizeof line, status) != nullptr)
    std::sscanf(line, "VmRSS: %lf", &kib);
  if (status != nullptr) std::fclose(status);
  return kib / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "launches tiny|gemm|graph COUNT\n"), 2;
  Job job;
  job.mode = argv[1];
  const long count = std::strtol(argv[2], nullptr, 10);
  job.prepare();
  stay_on_one_cpu();
  for (long i = 0; i < count / 20 + 1; ++i) job.once();
  check(cudaDeviceSynchronize(), "warm-up");
  const auto begin = std::chrono::steady_clock::now();
  for (long i = 0; i < count; ++i) job.once();
  check(cudaDeviceSynchronize(), "run");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("launches %s %.4f %.1f\n", job.mode, took.count() * 1e6 / static_cast<double>(count),
              resident_mib());
  return 0;
}
