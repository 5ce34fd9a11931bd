// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "assay/sample/sample.hpp"
#include "assay/units/units.hpp"

namespace assay::ladder {

// The resource that a kernel can run out of. `none`: nothing was engaged, or nothing is known.
enum class Limiter : std::uint8_t { none, dram, tensor, fp64, fp32, fp16, integer, nvlink, pcie };

std::string_view to_string(Limiter limiter);  // "dram", "tensor", ... as in the JSON
std::string_view describe(Limiter limiter);   // for people: "memory bandwidth", ...

// Peaks that the counters do not carry themselves: GPM gives pipes and DRAM as shares of their own
// peak, but links in bytes per second. One direction each; absent = unknown.
struct LinkPeaks {
  std::optional<BytesPerSecond> pcie;
  std::optional<BytesPerSecond> nvlink;
};

// PCIe's payload rate of one direction: lanes x transfer rate x line code (8b/10b to generation 2,
// 128b/130b from 3 on, 242/256 FLIT in 6). Source: PCI Express Base Specification 6.0, tables of
// data rates. nullopt for a generation that is not known.
std::optional<BytesPerSecond> pcie_rate(int generation, int lanes);

// What a link may carry over its peak and be taken for full: bytes are counted over windows that
// differ by a few per cent from the ones they are divided by. Beyond it the peak is wrong.
inline constexpr double kMostOverPeak = 1.02;

struct SpeedOfLight {
  sample::Reading<Ratio> value;
  Limiter limiter = Limiter::none;
  // The busier direction over its peak. Invalid (out_of_range) beyond kMostOverPeak; unknown
  // without traffic counters or a known peak.
  sample::Reading<Ratio> nvlink;
  sample::Reading<Ratio> pcie;
  // The link carried bytes, and which share of its peak they are can't be told.
  bool nvlink_left_out = false;
  bool pcie_left_out = false;
};

// The busiest limiter as a share of its peak at the present clock. Unknown if any on-chip limiter
// that the device offers has no sound value in this window: the maximum might be that one. A link
// whose share is unknown or invalid is left out; if it carried bytes, the maximum of the others is
// an estimate, for the link's reason (no_roof, out_of_range).
SpeedOfLight speed_of_light(const sample::Sample& sample, const LinkPeaks& peaks);

}  // namespace assay::ladder
