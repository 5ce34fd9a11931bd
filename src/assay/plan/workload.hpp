// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "assay/plan/lengths.hpp"
#include "assay/plan/request.hpp"

namespace assay::plan {

// What a service is asked for.
struct Workload {
  Lengths prompt;
  Lengths output;
};

// `count` requests of these lengths; with a rate (requests a second, over 0) they arrive as a
// Poisson process, without one all at 0. The same seed gives the same requests on any machine.
std::vector<Request> draw(const Workload& workload, std::size_t count, std::optional<double> rate,
                          std::uint64_t seed);

}  // namespace assay::plan
