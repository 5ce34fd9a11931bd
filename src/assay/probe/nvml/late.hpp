// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/sample/sample.hpp"

namespace assay::probe::nvml {

// A device that did not deliver in time: its last sample with each value kept for the eye but
// marked stale (reason timeout). What was unknown stays so, for its own reason. Pure.
sample::Sample make_stale(const sample::Sample& last, sample::WallTime at, Seconds window,
                          std::string trouble);

// The sample of a device that never delivered one: everything unknown, for lack of an answer.
sample::Sample never_answered(sample::WallTime at, Seconds window, std::string trouble);

}  // namespace assay::probe::nvml
