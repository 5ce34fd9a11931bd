// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/sim/device.hpp"
#include "assay/sim/scenario.hpp"

namespace assay::sim {

// What an idle context takes of a process's memory: 518 to 520 MiB on an H100, which is 543 to 545
// million bytes (data/recordings/h100-lab.assay; the device's own "used" is some 9 MiB above).
inline constexpr Bytes kContextMemory{543e6};

// What the driver and firmware hold back of the device's memory.
Bytes reserved_memory(const catalog::Chip& chip);
// What processes can have, their contexts included.
Bytes usable_memory(const catalog::Chip& chip);

DeviceFacts facts_of(const DeviceEntry& entry, int index);

}  // namespace assay::sim
