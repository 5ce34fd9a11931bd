// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/sample/sample.hpp"

namespace assay::cli {

sample::WallTime wall_now();

// The wall time of a moment on std::chrono::steady_clock (seconds since its epoch), by how long
// ago it was.
sample::WallTime wall_of(Seconds steady);

}  // namespace assay::cli
