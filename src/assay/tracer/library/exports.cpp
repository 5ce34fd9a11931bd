// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/session.hpp"

namespace assay::tracer {

// What the CUDA driver calls when the process starts it (CUDA_INJECTION64_PATH). Always 1: whatever
// went wrong here is no reason for the driver to fail.
extern "C" __attribute__((visibility("default"))) int InitializeInjection();

int InitializeInjection() {
  begin(plan_from_environment());
  return 1;
}

}  // namespace assay::tracer
