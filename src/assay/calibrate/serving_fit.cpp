// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/serving_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>

#include "assay/base/check.hpp"
#include "assay/calibrate/least_squares.hpp"

namespace assay::calibrate {
namespace {

using roofline::ChipClass;
using roofline::ChipCurves;
using roofline::EngineOverheads;
using roofline::EngineProfile;
using roofline::Fits;

// How far serving may move a constant from what kernels by themselves say (a standard deviation of
// its logarithm). Those that kernels were measured for are held more tightly.
struct Belief {
  std::string_view name;
  double deviation;
};
constexpr std::array kCurveBeliefs = {Belief{"bandwidth_fraction", 0.05},
                                      Belief{"compute_fraction_16", 0.1},
                                      Belief{"compute_fraction_8", 0.15},
                                      Belief{"tile_rows", 0.5},
                                      Belief{"kernel_floor_us", 0.3},
                                      Belief{"attention_bandwidth_fraction", 0.2},
                                      Belief{"attention_compute_fraction", 0.3},
                                      Belief{"expert_bandwidth_fraction", 0.2},
                                      Belief{"expert_compute_fraction", 0.5},
                                      Belief{"expert_tile_rows", 0.7},
                                      Belief{"expert_imbalance", 0.3},
                                      Belief{"elementwise_passes", 0.3},
                                      Belief{"link_floor_us", 0.3},
                                      Belief{"link_ramp_us", 0.3}};
constexpr std::array kEngineBeliefs = {Belief{"step_us", 0.3},
                                       Belief{"sequence_us", 0.2},
                                       Belief{"prefill_step_us", 0.4},
                                       Belief{"prompt_us", 0.25},
                                       Belief{"request_ms", 0.7},
                                       Belief{"kernels_per_layer", 0.15},
                                       Belief{"expert_kernels", 0.4},
                                       Belief{"narrow_kernels", 0.5},
                                       Belief{"collective_factor", 0.2},
                                       Belief{"attention_factor", 0.2},
                                       Belief{"narrow_cache_factor", 0.3}};

// A run speaks against a belief with this deviation of its own, though its repeats differ by a few
// per cent: runs of one model and engine err together, and a thousand of them are no thousand
// witnesses. Of 0.1, 0.4 and 1.0: 0.1 foretells models that were left out 1.2 points worse in
// TPOT, 1.0 is 1.2 points better in TPOT and 1.3 worse in TTFT.
constexpr double kScale = 0.4;
constexpr double kTtftWeight = 0.8;  // by the same trial

double deviation_of(std::span<const Belief> beliefs, std::string_view name) {
  for (const Belief& each : beliefs)
    if (each.name == name) return each.deviation;
  return 0;
}

ChipClass* served_class(Fits& fits) {
  for (ChipClass& each : fits.mutable_classes())
    if (!each.served.empty()) return &each;
  return nullptr;
}

// The numbers sought, as one vector, and back.
class Constants {
 public:
  Constants(Fits& fits, const std::vector<Case>& runs) {
    ChipClass* kin = served_class(fits);
    CHECK(kin != nullptr);
    for (const roofline::CurveConstant& c : roofline::curve_constants())
      add(kin->curves.*c.member, c.least, c.most, deviation_of(kCurveBeliefs, c.name));
    std::set<std::string_view> named;
    for (const Case& each : runs) named.insert(each.row->backend);
    for (EngineProfile& engine : fits.mutable_engines()) {
      if (!named.contains(engine.name)) continue;
      for (const roofline::EngineConstant& c : roofline::engine_constants())
        add(engine.overheads.*c.member, c.least, c.most, deviation_of(kEngineBeliefs, c.name));
    }
  }

  [[nodiscard]] std::vector<Unknown>& unknowns() { return unknowns_; }
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] double at(std::size_t i) const { return *places_[i]; }
  void set(const std::vector<double>& x) {
    for (std::size_t i = 0; i < x.size(); ++i) *places_[i] = x[i];
  }

 private:
  void add(double& place, double least, double most, double deviation) {
    if (deviation == 0) return;
    const double floor = std::max(least, 1e-3);
    places_.push_back(&place);
    unknowns_.push_back({std::clamp(place, floor, most), floor, most, 0, deviation});
  }

  std::vector<double*> places_;
  std::vector<Unknown> unknowns_;
};

// What the simulator says over what the closed form does.
struct Correction {
  double ttft = 1;
  double tpot = 1;
};

std::vector<Correction> corrections(const std::vector<Case>& runs, const Fits& fits) {
  std::vector<Correction> out;
  for (const Case& run : runs) {
    const auto exact = predict(run, fits, Method::simulate);
    const auto quick = predict(run, fits, Method::closed_form);
    Correction each;
    if (exact && quick && quick->ttft_s > 0) each.ttft = exact->ttft_s / quick->ttft_s;
    if (exact && quick && quick->tpot_s > 0) each.tpot = exact->tpot_s / quick->tpot_s;
    out.push_back(each);
  }
  return out;
}

std::vector<double> residuals(const std::vector<Case>& runs, const Fits& fits,
                              const std::vector<Correction>& corrected) {
  std::vector<double> out;
  out.reserve(2 * runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const ServingRow& row = *runs[i].row;
    const auto quick = predict(runs[i], fits, Method::closed_form);
    const bool tpot = quick && row.tpot_s && quick->tpot_s > 0;
    const bool ttft = quick && row.ttft_s && quick->ttft_s > 0;
    out.push_back(tpot ? std::log(quick->tpot_s * corrected[i].tpot / *row.tpot_s) : 0);
    out.push_back(ttft ? kTtftWeight * std::log(quick->ttft_s * corrected[i].ttft / *row.ttft_s)
                       : 0);
  }
  return out;
}

}  // namespace

Fits fit_serving(const std::vector<Case>& runs, const Fits& before, const Fits* near, int rounds) {
  Fits fits = before;
  Constants constants(fits, runs);
  if (near != nullptr) {
    Fits copy = *near;
    const Constants there(copy, runs);
    for (std::size_t i = 0; i < there.size(); ++i) constants.unknowns()[i].guess = there.at(i);
    std::vector<double> x;
    for (std::size_t i = 0; i < there.size(); ++i) x.push_back(there.at(i));
    constants.set(x);
  }
  for (int round = 0; round < rounds; ++round) {
    const std::vector<Correction> corrected = corrections(runs, fits);
    const auto off = [&](const std::vector<double>& x) {
      constants.set(x);
      return residuals(runs, fits, corrected);
    };
    const std::vector<double> found = least_squares(constants.unknowns(), off, kScale);
    constants.set(found);
    for (std::size_t i = 0; i < found.size(); ++i) constants.unknowns()[i].guess = found[i];
  }
  return fits;
}

void transfer(const Fits& before, Fits& after) {
  Fits copy = before;
  const ChipClass* from = served_class(copy);
  const ChipClass* to = served_class(after);
  CHECK(from != nullptr && to != nullptr);
  const ChipCurves served = to->curves;
  for (ChipClass& each : after.mutable_classes()) {
    if (&each == to) continue;
    for (const roofline::CurveConstant& c : roofline::curve_constants()) {
      const double was = from->curves.*c.member;
      if (was > 0)
        each.curves.*c.member =
            std::clamp(each.curves.*c.member * (served.*c.member / was), c.least, c.most);
    }
  }
}

}  // namespace assay::calibrate
