// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "assay/sample/reading.hpp"

namespace assay::probe::nvml {

// FP32 lanes ("CUDA cores") of one SM by compute capability, as NVIDIA's CUDA C++ Programming Guide
// tabulates the throughput of 32-bit floating-point add per clock and SM. Nothing for a capability
// that the table does not have.
std::optional<int> cores_per_sm(int cc_major, int cc_minor);

// cores / cores per SM; unknown for an unknown capability or a number that does not divide.
sample::Reading<Count> sm_count(unsigned cores, int cc_major, int cc_minor);

}  // namespace assay::probe::nvml
