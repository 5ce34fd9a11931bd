// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "assay/calibrate/constants.hpp"
#include "assay/calibrate/own_runs.hpp"

namespace assay::calibrate {
namespace {

// Loose where no kernel of others' was fitted. attention_compute_fraction stands as attention
// kernels alone were measured (classes.toml): here it would take up what whole prompts lose to the
// board's power.
constexpr std::array kOfCurves = {Belief{"bandwidth_fraction", 0.05},
                                  Belief{"compute_fraction_16", 0.1},
                                  Belief{"compute_fraction_8", 0.1},
                                  Belief{"kernel_floor_us", 0.3},
                                  Belief{"attention_bandwidth_fraction", 0.3},
                                  Belief{"expert_bandwidth_fraction", 0.3},
                                  Belief{"expert_compute_fraction", 0.5},
                                  Belief{"expert_tile_rows", 0.7},
                                  Belief{"elementwise_passes", 0.5}};
constexpr std::array kOfTorch = {Belief{"kernels_per_layer", 0.2}, Belief{"expert_kernels", 0.4},
                                 Belief{"narrow_kernels", 1}, Belief{"narrow_compute_factor", 0.2}};
constexpr double kScale = 0.05;

}  // namespace

Status fit_own_runs(std::span<const OwnRun> runs, roofline::Fits& fits) {
  if (runs.empty()) return {};
  TRY_ASSIGN(const roofline::ChipClass* measured, fits.class_of(*runs.front().chip));
  auto& classes = fits.mutable_classes();
  auto& engines = fits.mutable_engines();
  const auto kin = std::ranges::find(classes, measured->name, &roofline::ChipClass::name);
  const auto torch = std::ranges::find(engines, "torch", &roofline::EngineProfile::name);
  if (torch == engines.end())
    return Error{ErrorCode::not_found, "there is no engine profile called \"torch\""};
  roofline::EngineProfile* const engine = &*torch;
  Constants constants(*kin, kOfCurves, std::span(&engine, 1), kOfTorch);
  std::map<std::string, double> in_group;  // groups count alike, however many shapes were run
  for (const OwnRun& run : runs) in_group[run.group] += 1;
  const auto off = [&](const std::vector<double>& x) {
    constants.set(x);
    std::vector<double> out;
    for (const OwnRun& run : runs) {
      const auto predicted = predict(run, fits);
      const double weight = std::sqrt(10 / in_group[run.group]);
      out.push_back(predicted ? weight * std::log(predicted->seconds / run.seconds) : 0);
    }
    return out;
  };
  constants.set(least_squares(constants.unknowns(), off, kScale));
  return {};
}

}  // namespace assay::calibrate
