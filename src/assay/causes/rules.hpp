// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "assay/causes/finding.hpp"
#include "assay/causes/observation.hpp"
#include "assay/causes/traced.hpp"

namespace assay::causes {

// What a rule sees: the shares, and where they are from; the trace where there is one.
struct Scene {
  const Observation& seen;
  Shares share;
  std::optional<Traced> trace;
};

// A rule looks for one cause. It must not look at other rules' answers.
using Rule = std::optional<Finding> (*)(const Scene&);

// Where the device stood still though it was held.
std::optional<Finding> held_idle(const Scene& scene);
std::optional<Finding> launch_bound(const Scene& scene);
std::optional<Finding> host_bound(const Scene& scene);
std::optional<Finding> transfer_bound(const Scene& scene);
std::optional<Finding> communication_bound(const Scene& scene);
// Where kernels were resident and SMs empty or waiting.
std::optional<Finding> grid_too_small(const Scene& scene);
std::optional<Finding> tail_wave(const Scene& scene);
std::optional<Finding> latency_bound(const Scene& scene);
std::optional<Finding> divergent_lanes(const Scene& scene);
std::optional<Finding> spinning(const Scene& scene);
// Where something was near its peak, or could not be.
std::optional<Finding> dram_bound(const Scene& scene);
std::optional<Finding> wrong_pipe(const Scene& scene);
std::optional<Finding> throttled(const Scene& scene);
std::optional<Finding> healthy(const Scene& scene);

}  // namespace assay::causes
