// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "assay/causes/finding.hpp"
#include "assay/causes/observation.hpp"

namespace assay::causes {

// What explains the device's losses over this window, the one that probably accounts for most first
// (confidence x share; healthy stands behind every loss of a tenth or more). Several can be true at
// once: one thread that spins is a grid too small, too. Fewer readings give lower confidence; none
// at all gives no finding rather than a guess. Pure; any thread.
std::vector<Finding> diagnose(const Observation& seen);

// Something among them can only be told from something else by the microscope.
bool needs_microscope(std::span<const Finding> findings);

// What is known of the board beside the ticks.
struct Board {
  std::optional<DollarsPerHour> price;
  std::optional<int> sm_count;
  PipeRatios pipes;
};

// The same of what the microscope saw, by itself: lanes and issue slots beside the pipes; nothing
// of processes.
std::vector<Finding> diagnose(const sample::TickSums& sums, const Board& board = {});

}  // namespace assay::causes
