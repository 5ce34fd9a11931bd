// SPDX-License-Identifier: Apache-2.0
// What CUPTI's states cost, timed within one process (cupti_states.cpp):
//   launch_states STATES.so CUPTI.so states ROUNDS STATE...
//     each state in turn, ROUNDS times. A row a state: us a tiny launch and how many more than in the first
//     state of the same round; the same, in per cent, for a step of two CUDA graphs of 300 kernels; us to get
//     there. CUDA_INJECTION64_PATH=STATES.so STATES_CUPTI=CUPTI.so: CUPTI is there before CUDA is, as with a
//     tracer; else it comes in the middle, after a row without it.
//   launch_states STATES.so CUPTI.so bursts SECONDS ON_MS EVERY_MS PAUSE [alone]
//     one thread launches tiny kernels, others (unless alone) graphs, copies and streams, while a fifth switches
//     records on for ON_MS of EVERY_MS and to PAUSE ("-", "gone", "gone!") between. Prints what the tiny
//     launches took without and with it, and how long the switching did.
#include <cuda_runtime.h>
#include <dlfcn.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

void check(cudaError_t code, const char* what) {
  if (code == cudaSuccess) return;
  std::fprintf(stderr, "launch_states: %s: %s\n", what, cudaGetErrorString(code));
  std::_Exit(1);
}

__global__ void tiny() {}

__global__ void spin(long long cycles) {
  const long long begin = clock64();
  while (clock64() - begin < cycles) {
  }
}

int (*cupti_load)(const char*);
int (*cupti_to)(const char*);
long (*cupti_bytes)();

constexpr int kNodes = 300;
constexpr int kSteps = 30;
constexpr int kLaunches = 40000;

double us_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

cudaGraphExec_t graph_of(cudaStream_t stream, long long cycles) {
  cudaGraph_t made{};
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "capture");
  for (int i = 0; i < kNodes; ++i) spin<<<132, 256, 0, stream>>>(cycles);
  check(cudaStreamEndCapture(stream, &made), "capture");
  cudaGraphExec_t graph{};
  check(cudaGraphInstantiate(&graph, made, 0), "graph");
  return graph;
}

double tiny_us(cudaStream_t stream, int count) {
  for (int i = 0; i < count / 10; ++i) tiny<<<1, 32, 0, stream>>>();
  check(cudaStreamSynchronize(stream), "tiny");
  const auto begin = Clock::now();
  for (int i = 0; i < count; ++i) tiny<<<1, 32, 0, stream>>>();
  check(cudaStreamSynchronize(stream), "tiny");
  return us_since(begin) / count;
}

double graph_us(cudaGraphExec_t graph, cudaStream_t stream) {
  const auto step = [&] {
    cudaGraphLaunch(graph, stream);
    check(cudaStreamSynchronize(stream), "graph");
  };
  for (int i = 0; i < 4; ++i) step();
  const auto begin = Clock::now();
  for (int i = 0; i < kSteps; ++i) step();
  return us_since(begin) / kSteps;
}

void stay_on(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}

struct Times {
  std::vector<double> tiny, first, second, change;
};

// The graphs: one instantiated with CUPTI as it came, one with whole graphs' records on.
int states(const char* library, int rounds, const std::vector<std::string>& names) {
  stay_on(4);
  cudaStream_t stream{};
  check(cudaStreamCreate(&stream), "stream");
  constexpr long long kCycles = 5 * 1980;
  const bool injected = std::getenv("STATES_CUPTI") != nullptr;
  const cudaGraphExec_t first = graph_of(stream, kCycles);
  if (!injected) {
    std::printf("| no CUPTI | %.3f | | %.1f | | | | |\n", tiny_us(stream, 3 * kLaunches), graph_us(first, stream));
    std::fflush(stdout);
    if (library == nullptr || cupti_load(library) != 0) return 0;
  }
  cupti_to("kg");
  const cudaGraphExec_t second = graph_of(stream, kCycles);
  std::map<std::string, Times> all;
  std::map<std::string, int> codes;
  for (int round = 0; round < rounds; ++round)
    for (const std::string& name : names) {
      const auto begin = Clock::now();
      codes[name] = cupti_to(name.c_str());
      Times& times = all[name];
      times.change.push_back(us_since(begin));
      times.tiny.push_back(tiny_us(stream, kLaunches));
      times.first.push_back(graph_us(first, stream));
      times.second.push_back(graph_us(second, stream));
    }
  const Times& base = all[names.front()];
  const auto more = [&](const std::vector<double>& these, const std::vector<double>& those, bool share) {
    std::vector<double> differences;
    for (std::size_t i = 0; i < these.size(); ++i)
      differences.push_back(share ? 100 * (these[i] / those[i] - 1) : these[i] - those[i]);
    return median(differences);
  };
  for (const std::string& name : names) {
    const Times& t = all[name];
    std::printf("| %s (%d) | %.3f | %+.3f | %.1f | %+.2f %% | %.1f | %+.2f %% | %.0f |\n", name.c_str(), codes[name],
                median(t.tiny), more(t.tiny, base.tiny, false), median(t.first), more(t.first, base.first, true),
                median(t.second), more(t.second, base.second, true), median(t.change));
  }
  return 0;
}

struct Beside {
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  std::atomic<long> steps{0}, copies{0}, streams{0};

  void start() {
    threads.emplace_back([this] {
      cudaStream_t stream{};
      check(cudaStreamCreate(&stream), "stream");
      cudaGraphExec_t graph = graph_of(stream, 1980);
      while (!stop) {
        check(cudaGraphLaunch(graph, stream), "graph");
        check(cudaStreamSynchronize(stream), "graph");
        if (++steps % 50 == 0) {
          check(cudaGraphExecDestroy(graph), "graph");
          graph = graph_of(stream, 1980);
        }
      }
    });
    threads.emplace_back([this] {
      void *host{}, *device{};
      check(cudaMallocHost(&host, 1 << 20), "memory");
      check(cudaMalloc(&device, 1 << 20), "memory");
      cudaStream_t stream{};
      check(cudaStreamCreate(&stream), "stream");
      while (!stop) {
        check(cudaMemcpyAsync(device, host, 1 << 20, cudaMemcpyHostToDevice, stream), "copy");
        check(cudaMemsetAsync(device, 0, 1 << 20, stream), "memset");
        check(cudaStreamSynchronize(stream), "copy");
        ++copies;
      }
    });
    threads.emplace_back([this] {
      while (!stop) {
        cudaStream_t stream{};
        cudaEvent_t event{};
        check(cudaStreamCreate(&stream), "stream");
        check(cudaEventCreate(&event), "event");
        tiny<<<1, 32, 0, stream>>>();
        check(cudaEventRecord(event, stream), "event");
        check(cudaEventSynchronize(event), "event");
        check(cudaEventDestroy(event), "event");
        check(cudaStreamDestroy(stream), "stream");
        ++streams;
      }
    });
  }
  void end() {
    stop = true;
    for (std::thread& thread : threads) thread.join();
  }
};

void print_times(const char* what, std::vector<double>& times) {
  std::sort(times.begin(), times.end());
  if (times.empty()) return;
  std::printf("  %s: %zu times, median %.0f us, longest %.0f us\n", what, times.size(), times[times.size() / 2],
              times.back());
}

// Launches for that long, 500 at a time; us a launch, and the longest 500.
double launching(cudaStream_t stream, double seconds, double& longest) {
  long count = 0;
  const auto begin = Clock::now();
  longest = 0;
  while (us_since(begin) < seconds * 1e6) {
    const auto one = Clock::now();
    for (int i = 0; i < 500; ++i) tiny<<<1, 32, 0, stream>>>();
    longest = std::max(longest, us_since(one));
    count += 500;
  }
  check(cudaStreamSynchronize(stream), "tiny");
  return us_since(begin) / static_cast<double>(count);
}

int bursts(const char* library, double seconds, int on_ms, int every_ms, const char* pause, bool alone) {
  alarm(90);
  cudaStream_t stream{};
  check(cudaStreamCreate(&stream), "stream");
  Beside beside;
  if (!alone) beside.start();
  stay_on(4);
  double stall_before = 0, stall = 0;
  launching(stream, 0.3, stall_before);
  const double before = launching(stream, seconds / 2, stall_before);
  if (cupti_load(library) != 0) return 1;
  std::atomic<bool> stop{false};
  std::vector<double> attach, detach;
  int worst = 0;
  std::thread switcher([&] {
    cpu_set_t all;
    CPU_ZERO(&all);
    for (int i = 0; i < 4; ++i) CPU_SET(i, &all);
    sched_setaffinity(0, sizeof all, &all);
    while (!stop) {
      auto begin = Clock::now();
      int code = cupti_to("kcmps");
      attach.push_back(us_since(begin));
      if (code != 0) worst = code;
      usleep(on_ms * 1000);
      begin = Clock::now();
      code = cupti_to(pause);
      detach.push_back(us_since(begin));
      if (code != 0) worst = code;
      usleep((every_ms - on_ms) * 1000);
    }
  });
  const double during = launching(stream, seconds, stall);
  stop = true;
  switcher.join();
  beside.end();
  check(cudaDeviceSynchronize(), "end");
  std::printf("%d/%d ms, pause '%s'%s: %.3f us a launch before, %.3f with bursts: %+.3f; longest 500: %.0f, %.0f us; "
              "worst code %d, %ld bytes of records; %ld graphs, %ld copies, %ld streams\n",
              on_ms, every_ms, pause, alone ? " alone" : "", before, during, during - before, stall_before, stall,
              worst, cupti_bytes(), beside.steps.load(), beside.copies.load(), beside.streams.load());
  print_times("to on", attach);
  print_times("to pause", detach);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return std::fprintf(stderr, "launch_states STATES.so CUPTI.so states|bursts ...\n"), 2;
  void* library = dlopen(argv[1], RTLD_NOW);
  if (library == nullptr) return std::fprintf(stderr, "%s\n", dlerror()), 1;
  cupti_load = reinterpret_cast<decltype(cupti_load)>(dlsym(library, "cupti_load"));
  cupti_to = reinterpret_cast<decltype(cupti_to)>(dlsym(library, "cupti_to"));
  cupti_bytes = reinterpret_cast<decltype(cupti_bytes)>(dlsym(library, "cupti_bytes"));
  if (std::strcmp(argv[3], "states") == 0)
    return states(argv[2], static_cast<int>(std::strtol(argv[4], nullptr, 10)), {argv + 5, argv + argc});
  if (argc < 8) return 2;
  return bursts(argv[2], std::strtod(argv[4], nullptr), static_cast<int>(std::strtol(argv[5], nullptr, 10)), static_cast<int>(std::strtol(argv[6], nullptr, 10)), argv[7], argc > 8);
}
