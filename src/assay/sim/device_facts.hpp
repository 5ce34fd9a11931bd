// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/sim/device.hpp"
#include "assay/sim/scenario.hpp"

namespace assay::sim {

// What an idle context takes of a process's memory: 543 MB on an H100 (own measurement).
inline constexpr Bytes kContextMemory{543e6};

// What the driver and firmware hold back of the device's memory.
Bytes reserved_memory(const catalog::Chip& chip);
// What processes can have, their contexts included.
Bytes usable_memory(const catalog::Chip& chip);

DeviceFacts facts_of(const DeviceEntry& entry, int index);

}  // namespace assay::sim
