// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "assay/causes/finding.hpp"
#include "assay/ladder/ladder.hpp"

namespace assay::causes {

// The parts of the ladder that a cause speaks of: mending it can give back these at most. Time in
// which the device was engaged is among them where a cause says that this was for nothing, or
// slower than need be (a wait loop, lanes that were off, the wrong pipe, a low clock): the ladder
// takes a pipe's instructions for work, and its peak at the present clock.
std::span<const std::string_view> parts_named_by(Cause cause);

// Their sum, 0..1; with what the ladder can place nowhere, where one of them is not known.
double named_loss(Cause cause, const ladder::Losses& losses);

// Findings of a part of a window (0..1 of its time) beside the ladder of the whole of it: what they
// promise an hour becomes that of the whole, and no more than the ladder's own parts are worth.
// Speed-ups stay those of the part.
void lay_beside(std::vector<Finding>& findings, double part_of_time, const ladder::Losses& whole,
                std::optional<DollarsPerHour> price);

}  // namespace assay::causes
