// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/tracer/session.hpp"

namespace assay::tracer {

// Asks the driver that this process has loaded which devices the process sees (they are numbered as
// in CUPTI's records), and writes each into the ring. It needs no context, and makes none. False
// while the driver is not up yet or the ring has no room: call again.
bool write_devices(Session& session);

}  // namespace assay::tracer
