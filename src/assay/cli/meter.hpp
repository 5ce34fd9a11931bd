// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "assay/base/result.hpp"
#include "assay/cli/options.hpp"
#include "assay/cli/simulation.hpp"
#include "assay/probe/nvml/sampler.hpp"

namespace assay::cli {

// The devices of this machine, or those of `--sim SCENARIO`, being sampled.
class Meter {
 public:
  // Errors as Simulation::prepare and Sampler::start.
  static Result<Meter> open(const CommonOptions& options, Seconds period,
                            Simulation::Begin begin = Simulation::Begin::where_shown);

  probe::nvml::Sampler* operator->() { return sampler_.get(); }
  probe::nvml::Sampler& operator*() { return *sampler_; }
  [[nodiscard]] const sample::Origin& origin() const { return origin_; }

  // Removes what --sim unpacked, which this process has loaded: for a caller that starts no
  // program.
  void forget_library_file() { simulation_.reset(); }

  // One faint line: what NVML's own start took in time and memory, apart from assay's cost.
  [[nodiscard]] std::string start_cost_line() const;

 private:
  std::optional<Simulation> simulation_;
  sample::Origin origin_;
  std::unique_ptr<probe::nvml::Sampler> sampler_;
};

}  // namespace assay::cli
