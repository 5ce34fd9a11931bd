// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/sample/sample.hpp"

namespace assay::sample {

// What of a device its listed processes do not account for: with it their shares sum to the device.
// A process whose share is not known is in it, too. Unknown where the list or the device's own
// figure is; invalid where the processes have more than the device.
struct Unattributed {
  Reading<Bytes> memory;      // of memory_used: the driver's, and of processes not seen from here
  Reading<Ratio> time_share;  // of the mean of the driver's samples, as the processes' shares are
};

Unattributed unattributed(const Sample& sample);

}  // namespace assay::sample
