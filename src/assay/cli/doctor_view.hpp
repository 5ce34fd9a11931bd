// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "assay/cli/style.hpp"
#include "assay/probe/nvml/diagnose.hpp"

namespace assay::cli {

// Something can be measured here: NVML gave at least one device.
bool is_measurable(std::span<const probe::nvml::Finding> findings);

std::string doctor_view(const Style& style, std::span<const probe::nvml::Finding> findings);
std::string doctor_json(std::span<const probe::nvml::Finding> findings);

}  // namespace assay::cli
