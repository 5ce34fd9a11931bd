// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/calibrate/least_squares.hpp"
#include "assay/roofline/fits.hpp"

namespace assay::calibrate {

// How far a constant may be moved from where it stands: one standard deviation of its logarithm.
struct Belief {
  std::string_view name;
  double deviation;
};

// Constants of one class of chips and of some engines, as one vector, and back. Refers to the fits.
class Constants {
 public:
  Constants(roofline::ChipClass& kin, std::span<const Belief> of_curves,
            std::span<roofline::EngineProfile* const> engines, std::span<const Belief> of_engines);

  // Where each starts, with its bounds.
  [[nodiscard]] std::vector<Unknown>& unknowns() { return unknowns_; }
  [[nodiscard]] std::vector<double> values() const;
  void set(const std::vector<double>& values);

 private:
  void add(double& place, double least, double most, double deviation);

  std::vector<double*> places_;
  std::vector<Unknown> unknowns_;
};

}  // namespace assay::calibrate
