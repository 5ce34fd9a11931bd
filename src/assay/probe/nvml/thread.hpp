// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "assay/base/result.hpp"

namespace assay::probe::nvml {

// Runs body on a thread of its own that nobody waits for, so that one which hangs in the driver can
// be left behind: body must own (shared_ptr) all that it touches. Its stack is small, since a
// machine has two threads a device. Errors: io, when the system gives no thread.
Status spawn_detached(std::function<void()> body);

}  // namespace assay::probe::nvml
