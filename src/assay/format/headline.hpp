// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/ladder/limiter.hpp"
#include "assay/sample/sample.hpp"

namespace assay::format {

// What nvidia-smi says of the window: GPU-Util, which is over the driver's last sampling period
// (1/6 to 1 s); of a longer window the mean of all its periods, where the driver's buffer tells
// that.
sample::Reading<Ratio> gpu_util_said(const sample::Sample& sample);

// What nvidia-smi says (gpu_util_said) beside what was true of the window, as one sentence.
// `sm_active` is the counter itself, not the rung raised to what lies below it.
std::string headline(const sample::Reading<Ratio>& gpu_util, Seconds window,
                     const sample::Reading<Ratio>& sm_active, const ladder::SpeedOfLight& sol);

// NVML's clocks-event bits that take speed away, in words ("power cap, thermal"); empty where there
// are none or they are not known. Bits: nvml.h, nvmlClocksEventReason*.
std::string throttle_words(const sample::Reading<Count>& reasons);

// What stands beside the ladder and not in it, an item each, of what is known: "throttled by power
// cap", "power 128 W of 700 W", "SM clock ...", memory, temperature, occupancy, PCIe.
std::vector<std::string> beside_ladder(const sample::Sample& sample);

}  // namespace assay::format
