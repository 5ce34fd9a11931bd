// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/timeline.hpp"

namespace assay::sample {

std::string_view to_string(Channel channel) {
  static constexpr std::array<std::string_view, kChannelCount> kWords = {
      "sm_active", "dram", "dram_read", "dram_write", "occupancy", "issue",   "tensor",
      "fp64",      "fma",  "alu",       "lanes",      "pcie",      "graphics"};
  return kWords[static_cast<std::size_t>(channel)];
}

}  // namespace assay::sample
