// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/appraise/appraisal.hpp"
#include "assay/cli/style.hpp"

namespace assay::cli {

// What stands above every picture that is not of a live device: "RECORDING of ...", "SIMULATED".
// Empty for a device.
std::string origin_banner(const Style& style, const sample::Origin& origin);

// One device as text: the headline ("nvidia-smi says 100 %; really 0.76 %"), the ladder as bars,
// where the loss is with its dollars, what stands beside the ladder, and the processes.
std::string device_view(const Style& style, const appraise::Appraisal& device);

// All devices of a snapshot, one below the other.
std::string devices_view(const Style& style, const appraise::AppraisedSnapshot& snapshot);

// The whole snapshot with banner, devices and a closing line on what assay itself cost.
std::string snapshot_view(const Style& style, const appraise::AppraisedSnapshot& snapshot);

// The bars of a ladder alone, for a reader that has its own headline.
std::string ladder_view(const Style& style, const ladder::Ladder& ladder,
                        const sample::Sample& sample);

}  // namespace assay::cli
