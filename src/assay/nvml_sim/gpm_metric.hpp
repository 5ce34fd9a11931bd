// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "assay/sim/integrals.hpp"

namespace assay::nvml_sim {

// How NVML names a GPM metric. The texts live as long as the program.
struct GpmText {
  const char* short_name = nullptr;
  const char* long_name = nullptr;
  const char* unit = nullptr;
};

// Names as driver 580.159 gives them; a number below NVML_GPM_METRIC_MAX that it has no name for
// has only a unit.
GpmText gpm_text(std::uint32_t id);

// A metric's value over a window, in the driver's unit (per cent, MiB/s, counts). Engines that the
// simulated work does not use, and links that the chip has not, give 0, as they do on a real board.
// `links`: NVLinks of the chip, over which the traffic is spread evenly.
double gpm_value(std::uint32_t id, const sim::Shares& shares, std::uint32_t links);

}  // namespace assay::nvml_sim
