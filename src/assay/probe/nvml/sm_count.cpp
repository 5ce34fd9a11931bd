// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/sm_count.hpp"

#include <array>

namespace assay::probe::nvml {
namespace {

struct Row {
  int major;
  int minor;  // -1: every minor version of this major one that has no row before
  int cores;
};

constexpr std::array<Row, 14> kRows = {{
    {3, -1, 192},   // Kepler
    {5, -1, 128},   // Maxwell
    {6, 0, 64},     // Pascal P100
    {6, 1, 128},    // Pascal GP10x
    {6, 2, 128},    // Pascal, Tegra
    {7, 0, 64},     // Volta
    {7, 2, 64},     // Volta, Tegra
    {7, 5, 64},     // Turing
    {8, 0, 64},     // Ampere A100
    {8, -1, 128},   // Ampere GA10x and Ada (8.6, 8.7, 8.9)
    {9, 0, 128},    // Hopper
    {10, -1, 128},  // Blackwell, data centre
    {11, 0, 128},   // Blackwell, Tegra (Thor)
    {12, -1, 128},  // Blackwell, consumer and workstation
}};

}  // namespace

std::optional<int> cores_per_sm(int cc_major, int cc_minor) {
  for (const Row& row : kRows)
    if (row.major == cc_major && (row.minor == -1 || row.minor == cc_minor)) return row.cores;
  return std::nullopt;
}

sample::Reading<Count> sm_count(unsigned cores, int cc_major, int cc_minor) {
  using R = sample::Reading<Count>;
  const std::optional<int> each = cores_per_sm(cc_major, cc_minor);
  if (!each) return R::unknown(sample::Reason::missing_input, sample::Source::nvml);
  const unsigned per_sm = static_cast<unsigned>(*each);
  if (cores == 0 || cores % per_sm != 0)
    return R::unknown(sample::Reason::out_of_range, sample::Source::nvml);
  const unsigned sms = cores / per_sm;
  return R::derived(Count(sms), sample::Source::nvml);
}

}  // namespace assay::probe::nvml
