// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "assay/catalog/sm_limits.hpp"
#include "assay/sample/kernels.hpp"
#include "assay/sim/occupancy.hpp"
#include "assay/units/units.hpp"

namespace assay::kernels {

// How one launch fills its device while it runs, if it has the device to itself and all of its
// blocks take equally long. Nothing where the device's SMs or their limits are not known, where
// such a block fits no SM (the shape was misread), and for whole graphs.
struct Fill {
  int blocks_per_sm = 0;  // that one SM holds at once
  sim::OccupancyLimit limit = sim::OccupancyLimit::warps;
  Ratio occupancy;   // theoretical: warps of blocks_per_sm blocks over the most an SM holds
  double waves = 0;  // blocks over what the device holds at once: 0.5, 1, 3.2, ...
  Ratio tail_loss;   // block slots left free by the last of several waves, of all waves' slots
  Ratio empty_sms;   // SM-time without any block of it: a grid too small, or the tail's empty SMs
};

// Source of the occupancy: sim/occupancy.hpp. With b blocks on s SMs that hold k each:
//   waves     = b / (s k)
//   tail_loss = 1 - waves / ceil(waves), 0 if waves <= 1
//   empty_sms = 1 - min(1, b / s)                        if waves <= 1 (blocks spread over the SMs)
//             = (1 - min(1, r / s)) / ceil(waves)        r = blocks of the last wave, if not full
std::optional<Fill> fill_of(const sample::KernelSignature& signature, int sm_count,
                            const catalog::SmLimits& limits);

// The same with the limits of the device's compute capability.
std::optional<Fill> fill_of(const sample::KernelSignature& signature,
                            const sample::TracedDevice& device);

std::string_view to_string(sim::OccupancyLimit limit);  // "warps", "registers", ...

}  // namespace assay::kernels
