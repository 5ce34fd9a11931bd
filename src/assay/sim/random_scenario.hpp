// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <random>
#include <string>

namespace assay::sim {

// The text of a sound scenario of one H100: one to three processes, each with up to three streams
// of kernels, copies and gaps, some of them with jitter, dependencies, starts and stops. For tests.
class RandomScenario {
 public:
  explicit RandomScenario(std::uint64_t seed) : random_(seed), seed_(seed) {}

  std::string text() {
    std::string out = fmt::format("description = \"random {0}\"\nseed = {0}\n", seed_);
    for (int i = 0; i < kKernels; ++i) out += kernel(i);
    out += "[[device]]\nchip = \"h100-sxm5-80gb\"\n";
    const int processes = 1 + below(100) / 45;
    for (int i = 0; i < processes; ++i) out += process(i);
    return out;
  }

 private:
  static constexpr int kKernels = 4;

  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }

  std::string kernel(int i) {
    constexpr int kThreads[] = {1, 32, 128, 256, 512, 1024};
    std::string out = fmt::format("[[kernel]]\nname = \"k{}\"\nblock = {}\ngrid = {}\n", i,
                                  kThreads[below(6)], 1 + below(chance(50) ? 300 : 5000));
    if (chance(40)) out += fmt::format("shared_kib = {}\n", below(200));
    if (chance(50)) out += fmt::format("block_us = {}\n", 1 + below(300));
    if (chance(30)) out += fmt::format("rate = {{ int = 0.0{} }}\n", 1 + below(9));
    if (chance(50)) {
      out +=
          fmt::format("total = {{ dram_read_mb = {}, fp32_gflop = {}, tensor_bf16_gflop = {} }}\n",
                      below(200), below(20), below(200));
    }
    return out;
  }

  std::string process(int i) {
    std::string out =
        fmt::format("[[device.process]]\nname = \"p{}\"\nmemory_mib = {}\n", i, below(20000));
    if (chance(25)) out += fmt::format("start_s = 0.{}\n", 1 + below(8));
    if (chance(25)) out += fmt::format("stop_s = 1.{}\n", 1 + below(8));
    const int streams = 1 + below(3);
    const bool chained = streams > 1 && chance(40);
    for (int j = 0; j < streams; ++j) out += stream(j, chained);
    return out;
  }

  std::string stream(int j, bool chained) {
    std::string out = fmt::format("[[device.process.stream]]\nname = \"s{}\"\n", j);
    if (!chained && chance(20)) out += fmt::format("repeat = {}\n", 1 + below(40));
    if (chance(20)) out += "jitter = 0.3\n";
    out += "op = [\n";
    const int ops = 1 + below(3);
    for (int k = 0; k < ops; ++k) {
      const std::string what = chance(75) ? fmt::format("kernel = \"k{}\"", below(kKernels))
                                          : fmt::format("copy = \"{}\", mb = {}",
                                                        chance(50) ? "h2d" : "d2h", 1 + below(200));
      out += fmt::format("  {{ name = \"o{}\", {}, gap_us = {}, times = {}", k, what,
                         chance(50) ? below(2000) : 0, 1 + below(4));
      if (chained && j > 0 && k == 0) out += fmt::format(", after = [\"s{}.o0\"]", j - 1);
      out += " },\n";
    }
    // Each kernel is used somewhere, or the file would be refused.
    if (j == 0) {
      for (int k = 0; k < kKernels; ++k) out += fmt::format("  {{ kernel = \"k{}\" }},\n", k);
    }
    return out + "]\n";
  }

  std::mt19937_64 random_;
  std::uint64_t seed_;
};

inline std::string random_scenario(std::uint64_t seed) { return RandomScenario(seed).text(); }

}  // namespace assay::sim
