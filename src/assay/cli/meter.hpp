// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "assay/base/result.hpp"
#include "assay/probe/nvml/sampler.hpp"

namespace assay::cli {

// The devices of this machine, being sampled. Errors as Sampler::start.
Result<std::unique_ptr<probe::nvml::Sampler>> open_sampler(probe::nvml::SamplerOptions options);

// One faint line: what NVML's own start took in time and memory, apart from assay's cost.
std::string start_cost_line(const probe::nvml::Sampler& sampler);

}  // namespace assay::cli
