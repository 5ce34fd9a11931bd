// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/constants.hpp"

#include <algorithm>

namespace assay::calibrate {
namespace {

double deviation_of(std::span<const Belief> beliefs, std::string_view name) {
  for (const Belief& each : beliefs)
    if (each.name == name) return each.deviation;
  return 0;
}

}  // namespace

Constants::Constants(roofline::ChipClass& kin, std::span<const Belief> of_curves,
                     std::span<roofline::EngineProfile* const> engines,
                     std::span<const Belief> of_engines) {
  for (const roofline::CurveConstant& c : roofline::curve_constants())
    add(kin.curves.*c.member, c.least, c.most, deviation_of(of_curves, c.name));
  for (roofline::EngineProfile* engine : engines)
    for (const roofline::EngineConstant& c : roofline::engine_constants())
      add(engine->overheads.*c.member, c.least, c.most, deviation_of(of_engines, c.name));
}

std::vector<double> Constants::values() const {
  std::vector<double> out;
  for (const double* place : places_) out.push_back(*place);
  return out;
}

void Constants::set(const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) *places_[i] = values[i];
}

void Constants::add(double& place, double least, double most, double deviation) {
  if (deviation == 0) return;
  const double floor = std::max(least, 1e-3);
  places_.push_back(&place);
  unknowns_.push_back({std::clamp(place, floor, most), floor, most, 0, deviation});
}

}  // namespace assay::calibrate
