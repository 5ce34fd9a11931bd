// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/sample/sample.hpp"

namespace assay::ladder {

using Rung = sample::Reading<Ratio>;

// The reading itself if its value can be true of a share (finite, 0..1) or it has none to judge;
// otherwise the same value flagged: NaN becomes unknown, out of range becomes invalid.
Rung sound(const Rung& reading);

// A ratio metric of the sample, sound.
Rung sound_ratio(const sample::Sample& sample, metric::Id id);

}  // namespace assay::ladder
