// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/meter.hpp"

#include <fmt/format.h>

#include "assay/cli/host.hpp"
#include "assay/format/format.hpp"
#include "assay/probe/nvml/dl_nvml.hpp"

namespace assay::cli {

using format::quantity;

using probe::nvml::Sampler;

Result<Meter> Meter::open(const CommonOptions& options, Seconds period, Simulation::Begin begin) {
  if (period < probe::nvml::kShortestWindow)
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("a window of {:.0f} ms is too short: the counters refresh every 100 ms; "
                    "give 100ms or more",
                    period.value() * 1e3)};
  Meter meter;
  if (!options.simulated.empty()) {
    TRY_ASSIGN(Simulation simulation, Simulation::prepare(options.simulated, begin));
    simulation.enter();
    meter.simulation_.emplace(std::move(simulation));
  }
  TRY_ASSIGN(const std::shared_ptr<probe::nvml::DlNvml> nvml, probe::nvml::DlNvml::open());
  meter.origin_ = {sample::OriginKind::device, host_name()};
  if (const auto scenario = nvml->simulated_scenario())
    meter.origin_ = {sample::OriginKind::simulation, *scenario};
  TRY_ASSIGN(meter.sampler_, Sampler::start(nvml, {.period = period, .origin = meter.origin_}));
  return meter;
}

std::string Meter::start_cost_line() const {
  return fmt::format("NVML itself: {:.0f} ms to start, {} resident\n",
                     sampler_->init_time().value() * 1e3,
                     quantity(metric::Unit::bytes, sampler_->nvml_rss().value()));
}

}  // namespace assay::cli
