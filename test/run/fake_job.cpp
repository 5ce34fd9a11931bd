// SPDX-License-Identifier: Apache-2.0
// A program with CUDA in it, as far as the tracer can tell: fake-cuda-job WORD...
//   launch N  small N  graph N  N kernels of one shape, 1 us each, 1 us apart
//   stale N  N kernels of a graph that was under way, with times of long ago
//   steady N  N kernels, one about every 0.1 ms
//   threads T N   N kernels from each of T threads      copy N   N copies of 1 MiB
//   later     (first word) CUDA is not started by itself
//   fork      what follows is done by a child that was forked after CUDA was up, too
//   again     start CUDA (again)                         exec     become another such program
//   sleep MS  print TEXT  close N (all descriptors from N on)  daemon (go on as an orphan)
//   exit N  quit N (by _exit)  kill N (by signal)
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "run/fake_launch.hpp"

namespace {

using assay::test::run::FakeKernel;

void* cupti() {
  const char* path = std::getenv("ASSAY_CUPTI");
  return path == nullptr ? nullptr : dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
}

// What libcuda.so does at the end of cuInit.
void start_cuda() {
  dlopen(FAKE_DRIVER, RTLD_NOW | RTLD_GLOBAL);
  const char* path = std::getenv("CUDA_INJECTION64_PATH");
  void* library = path == nullptr ? nullptr : dlopen(path, RTLD_NOW);
  if (library == nullptr) return;
  const auto begin = reinterpret_cast<int (*)()>(dlsym(library, "InitializeInjection"));
  if (begin != nullptr && begin() != 1) std::fputs("the injection failed\n", stderr);
}

std::uint64_t now_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

void launch(long count, const char* name, std::int32_t grid, std::uint32_t stream,
            std::uint64_t graph_node = 0) {
  void* library = cupti();
  if (library == nullptr) return;
  const auto one = reinterpret_cast<decltype(&fake_launch)>(dlsym(library, "fake_launch"));
  // What a thread launches runs one after the other, as in a stream.
  thread_local std::uint64_t free_from = 0;
  const std::uint64_t from = std::max(now_ns(), free_from);
  free_from = from + static_cast<std::uint64_t>(count) * 2000;
  for (long i = 0; i < count; ++i) {
    const std::uint64_t start = from + static_cast<std::uint64_t>(i) * 2000;
    const FakeKernel kernel{name, grid, 256, stream, graph_node, start, start + 1000};
    one(&kernel);
  }
}

void stale(long count) {
  void* library = cupti();
  if (library == nullptr) return;
  const auto one = reinterpret_cast<decltype(&fake_launch)>(dlsym(library, "fake_launch"));
  const FakeKernel kernel{"_Z4nodev", 132, 256, 7, 99, 1000, now_ns()};
  for (long i = 0; i < count; ++i) one(&kernel);
}

void steady(long count) {
  for (long i = 0; i < count; ++i) {
    launch(1, "_Z6steadyv", 132, 7);
    usleep(100);
  }
}

void copy(long count) {
  void* library = cupti();
  if (library == nullptr) return;
  const auto one = reinterpret_cast<decltype(&fake_copy)>(dlsym(library, "fake_copy"));
  for (long i = 0; i < count; ++i) one(1 << 20, now_ns(), now_ns() + 1000);
}

void from_threads(long threads, long count) {
  std::vector<std::thread> all;
  for (long t = 0; t < threads; ++t)
    all.emplace_back([=] { launch(count, "_Z6threadv", 132, static_cast<std::uint32_t>(t + 1)); });
  for (std::thread& thread : all) thread.join();
}

class Words {
 public:
  Words(int count, char** words) : words_(words + 1, words + count) {}
  [[nodiscard]] bool empty() const { return at_ == words_.size(); }
  std::string next() { return empty() ? "" : words_[at_++]; }
  long number() { return std::strtol(next().c_str(), nullptr, 10); }
  [[nodiscard]] std::vector<std::string> rest() const {
    return {words_.begin() + static_cast<long>(at_), words_.end()};
  }

 private:
  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

[[noreturn]] void become_another(const char* self, const Words& words) {
  std::vector<std::string> texts = words.rest();
  texts.insert(texts.begin(), self);
  std::vector<char*> argv;
  for (std::string& text : texts) argv.push_back(text.data());
  argv.push_back(nullptr);
  execv(self, argv.data());
  _exit(125);
}

void act(const std::string& word, Words& words, const char* self) {
  if (word == "launch") launch(words.number(), "_Z4bigKPfS_i", 132, 7);
  else if (word == "small") launch(words.number(), "_ZN3net4tinyIfEEvPT_", 1, 7);
  else if (word == "graph") launch(words.number(), "_Z4nodev", 132, 7, 99);
  else if (word == "stale") stale(words.number());
  else if (word == "steady") steady(words.number());
  else if (word == "copy") copy(words.number());
  else if (word == "again") start_cuda();
  else if (word == "sleep") usleep(static_cast<useconds_t>(words.number()) * 1000);
  else if (word == "print") std::puts(words.next().c_str()), std::fflush(stdout);
  else if (word == "close")
    for (int fd = static_cast<int>(words.number()); fd < 4096; ++fd) close(fd);
  else if (word == "exec") become_another(self, words);
  else if (word == "quit") _exit(static_cast<int>(words.number()));
  else if (word == "kill") raise(static_cast<int>(words.number()));
  else if (word == "threads") {
    const long threads = words.number();
    from_threads(threads, words.number());
  } else if (word == "fork") {
    const pid_t child = fork();
    if (child > 0) waitpid(child, nullptr, 0);
  } else if (word == "daemon") {
    if (fork() > 0) _exit(0);
    setsid();
  }
}

}  // namespace

int main(int argc, char** argv) {
  Words words(argc, argv);
  if (argc < 2 || std::string(argv[1]) != "later") start_cuda();
  while (!words.empty()) {
    const std::string word = words.next();
    if (word == "exit") return static_cast<int>(words.number());
    act(word, words, argv[0]);
  }
  return 0;
}
