// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "assay/cli/options.hpp"
#include "assay/probe/nvml/diagnose.hpp"

namespace assay::cli {

// What `assay doctor` says of the parts of the program beside NVML: microscope, tracer, lab,
// simulation, the user's files and folders, serve, placement. Nothing is left behind or changed.
// Without a CUDA driver it takes a few milliseconds; with one, that driver's own start.
std::vector<probe::nvml::Finding> check_parts(const CommonOptions& options);

}  // namespace assay::cli
