// SPDX-License-Identifier: Apache-2.0
// Random calls through the C symbols of the shared library, in real time: what a program that knows
// nothing of NVML could do to it.
#include <gtest/gtest.h>
#include <time.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "assay/nvml_sim/random_calls_for_tests.hpp"
#include "sim/library_copy.hpp"

namespace assay::test {
namespace {

namespace abi = nvml_abi;
using nvml_abi::Return;
using nvml_sim::Device;
using nvml_sim::i32;
using nvml_sim::kSymbols;
using nvml_sim::u32;
using nvml_sim::u64;

class ExportedCalls {
 public:
  static constexpr u32 kLongestWaitMs = 1;

  explicit ExportedCalls(const LibraryCopy& library) : library_(library) {}
  Return init() { return library_.function<Return()>("nvmlInit_v2")(); }
  void pass(std::int64_t ns) {  // a two-thousandth: there are many
    const timespec nap{.tv_sec = 0, .tv_nsec = ns / 2000};
    nanosleep(&nap, nullptr);
  }

#define ASSAY_NVML_CALL(symbol, method, parameters, arguments) \
  Return symbol parameters { return library_.function<Return parameters>(#symbol) arguments; }
#define ASSAY_NVML_SAME ASSAY_NVML_CALL
#include "assay/nvml_sim/calls.def"
#undef ASSAY_NVML_CALL
#undef ASSAY_NVML_SAME

 private:
  const LibraryCopy& library_;
};

// Three boards at work. The first is lost for a tenth of every second and tells of an Xid each 20
// ms, the second's driver is reloaded once a second.
std::string troubled_scenario() {
  std::string text = R"(description = "troubled"
[[kernel]]
name = "step"
grid = 66
duration_us = 300
[[device]]
chip = "h100-sxm5-80gb"
)";
  const std::string work = R"([[device.process]]
name = "worker"
start_s = START
[[device.process.stream]]
name = "main"
op = [{ kernel = "step", gap_us = 200 }]
)";
  const auto work_from = [&](int second) {
    std::string out = work;
    return out.replace(out.find("START"), 5, std::to_string(second));
  };
  const auto event = [&](double at, const std::string& what) {
    text += "[[device.event]]\nat_s = " + std::to_string(at) + "\n" + what + "\n";
  };
  constexpr int kSeconds = 60;
  for (int s = 0; s < kSeconds; ++s) text += work_from(s);
  for (int s = 0; s < kSeconds; ++s) {
    event(s + 0.8, "kind = \"lost\"");
    event(s + 0.9, "kind = \"back\"");
    for (int i = 0; i < 35; ++i) event(s + 0.02 * i, "kind = \"xid\"\nxid = 31");
  }
  // The uuid and the process id that the random calls like to ask for.
  text +=
      "[[device]]\nchip = \"h100-sxm5-80gb\"\n"
      "uuid = \"GPU-00000000-0000-0000-0000-000000000001\"\n" +
      work_from(0);
  text.insert(text.rfind("start_s"), "pid = 200\n");
  for (int s = 0; s < kSeconds; ++s) event(s + 0.5, "kind = \"driver-reload\"\nfor_s = 0.02");
  return text + "[[device]]\nchip = \"v100-sxm2-32gb\"\n" + work_from(0);
}

TEST(SimulatedLibrary, AnyCallsWithAnyArgumentsComeBackWithACode) {
  const LibraryCopy library;
  const std::string scenario = library.path() + ".toml";
  std::ofstream(scenario) << troubled_scenario();
  ::setenv("ASSAY_SIM_SCENARIO", scenario.c_str(), 1);
  ExportedCalls target(library);
  nvml_sim::Choice choice(20261129);
  nvml_sim::Caller caller(target, choice);
  std::filesystem::remove(scenario);
  caller.run(ASSAY_RANDOM_CALLS);
  for (std::size_t i = 0; i < kSymbols.size(); ++i) {
    if (kSymbols[i].starts_with("nvmlEventSetWait")) continue;  // whether one comes is chance here
    EXPECT_GT(caller.successes()[i], 0U)
        << kSymbols[i] << " never succeeded, so little of it was tried";
  }
}

// Their answer must not depend on what stands in the arguments that they do not look at.
TEST(SimulatedLibrary, UnsupportedFunctionsTakeAnyArguments) {
  LibraryCopy library;
  library.start("one-thread");
  nvml_sim::Choice choice(7);
  const auto wild = [&] { return reinterpret_cast<void*>(choice.word()); };
  using Any = Return(void*, void*, void*, void*);
#define ASSAY_NVML_DEVICE(symbol)                                                     \
  EXPECT_EQ(library.function<Any>(#symbol)(library.device(), wild(), wild(), wild()), \
            Return::not_supported)                                                    \
      << #symbol;                                                                     \
  EXPECT_EQ(library.function<Any>(#symbol)(wild(), wild(), nullptr, wild()),          \
            Return::invalid_argument)                                                 \
      << #symbol;
#define ASSAY_NVML_OTHER(symbol)                                                                   \
  EXPECT_EQ(library.function<Any>(#symbol)(wild(), wild(), wild(), wild()), Return::not_supported) \
      << #symbol;
#include "assay/nvml_sim/unsupported.def"
}

}  // namespace
}  // namespace assay::test
