// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "assay/catalog/catalog.hpp"

namespace assay::test {

// The text of a sound scenario of one to three devices of any chip of the catalog, each with up to
// three processes of spins, FMA loops, matrix products, DRAM and link traffic and copies, with idle
// gaps, time slices, throttling, power caps, losses and reloads. sim/random_scenario.hpp is the
// model's own, of one H100; this one is for what a probe sees. Most of it happens in the first
// three seconds.
class RandomFleet {
 public:
  RandomFleet(std::uint64_t seed, const catalog::Catalog& chips) : random_(seed), chips_(chips) {}
  std::string text();

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  std::string device(int index);
  std::string kernel(const std::string& name, const catalog::Chip& chip);
  std::string work(const catalog::Chip& chip);
  std::string process(int device, int index, const catalog::Chip& chip);
  std::string stream(const std::string& prefix, const catalog::Chip& chip, bool ends);
  std::string events();

  std::mt19937_64 random_;
  const catalog::Catalog& chips_;
  std::string kernels_;
  int next_kernel_ = 0;
  int matrix_ = 0;  // the device's kind of tensor work
};

}  // namespace assay::test
