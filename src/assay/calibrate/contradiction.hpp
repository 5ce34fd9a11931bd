// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "assay/calibrate/serving_row.hpp"

namespace assay::calibrate {

// Why a row's own figures say that its stated concurrency was not the engine's; nothing where they
// don't. Benchmarks of the InferenceX kind send 10 requests a client. Where a tool hands all of
// them out at once and N places serve them, the k-th lot waits k times an answer's time, 4.5 times
// on the mean; in a closed loop of as many clients as places nobody waits so. `room`: sequences
// that the cache holds, so that a real queue before a full cache is not taken for that.
std::optional<std::string> contradiction(const ServingRow& row, double room);

}  // namespace assay::calibrate
