// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/meter.hpp"

#include <fmt/format.h>

#include "assay/cli/format.hpp"
#include "assay/probe/nvml/dl_nvml.hpp"

namespace assay::cli {

using probe::nvml::Sampler;

Result<std::unique_ptr<Sampler>> open_sampler(probe::nvml::SamplerOptions options) {
  TRY_ASSIGN(std::shared_ptr<probe::nvml::Nvml> nvml, probe::nvml::DlNvml::open());
  return Sampler::start(std::move(nvml), std::move(options));
}

std::string start_cost_line(const Sampler& sampler) {
  return fmt::format("NVML itself: {:.0f} ms to start, {} resident\n",
                     sampler.init_time().value() * 1e3,
                     quantity(metric::Unit::bytes, sampler.nvml_rss().value()));
}

}  // namespace assay::cli
