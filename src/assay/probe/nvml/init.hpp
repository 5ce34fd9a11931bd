// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "assay/base/result.hpp"
#include "assay/probe/nvml/clock.hpp"
#include "assay/probe/nvml/nvml.hpp"
#include "assay/units/units.hpp"

namespace assay::probe::nvml {

// Initializes NVML and counts its devices, on a thread that is left behind if the driver does not
// answer within the deadline. Errors: timeout (which call hangs), nothing_to_measure (no driver, no
// device), else as the driver answered.
Result<unsigned> init_and_count(const std::shared_ptr<Nvml>& nvml,
                                const std::shared_ptr<Clock>& clock, Seconds deadline);

}  // namespace assay::probe::nvml
