// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace assay::sim {

// After so many iterations a stream's gaps come again, so that its course repeats.
inline constexpr std::int64_t kJitterCycle = 16;

// The finalizer of MurmurHash3 (Austin Appleby, public domain) on a Weyl step.
constexpr std::uint64_t mix(std::uint64_t seed) {
  std::uint64_t h = seed + 0x9e3779b97f4a7c15ULL;
  h = (h ^ (h >> 33U)) * 0xff51afd7ed558ccdULL;
  h = (h ^ (h >> 33U)) * 0xc4ceb9fe1a85ec53ULL;
  return h ^ (h >> 33U);
}

// A gap of `ns`, longer or shorter by up to the share `jitter`; a gap stays one, of 1 ns at least.
constexpr std::int64_t jittered(std::int64_t ns, double jitter, std::uint64_t seed,
                                std::int64_t iteration) {
  if (jitter <= 0 || ns <= 0) return ns;
  const auto turn = static_cast<std::uint64_t>(iteration % kJitterCycle);
  const double unit = static_cast<double>(mix(seed ^ mix(turn)) >> 11U) * 0x1p-53;
  const double varied = static_cast<double>(ns) * (1 + jitter * (2 * unit - 1));
  return varied < 1 ? 1 : static_cast<std::int64_t>(varied);
}

}  // namespace assay::sim
