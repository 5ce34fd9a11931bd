// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/serving_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <string_view>

#include "assay/base/check.hpp"
#include "assay/calibrate/constants.hpp"
#include "assay/calibrate/least_squares.hpp"

namespace assay::calibrate {
namespace {

using roofline::ChipClass;
using roofline::ChipCurves;
using roofline::EngineOverheads;
using roofline::EngineProfile;
using roofline::Fits;

// How far serving may move a constant from what kernels by themselves say. Those that kernels were
// measured for are held more tightly.
constexpr std::array kCurveBeliefs = {Belief{"bandwidth_fraction", 0.05},
                                      Belief{"compute_fraction_16", 0.1},
                                      Belief{"compute_fraction_8", 0.15},
                                      Belief{"tile_rows", 0.5},
                                      Belief{"kernel_floor_us", 0.3},
                                      Belief{"attention_bandwidth_fraction", 0.2},
                                      Belief{"attention_compute_fraction", 0.1},
                                      Belief{"expert_bandwidth_fraction", 0.05},
                                      Belief{"expert_compute_fraction", 0.1},
                                      Belief{"expert_tile_rows", 0.2},
                                      Belief{"expert_imbalance", 0.3},
                                      Belief{"elementwise_passes", 0.3},
                                      Belief{"link_floor_us", 0.3},
                                      Belief{"link_ramp_us", 0.3}};
constexpr std::array kEngineBeliefs = {Belief{"step_us", 0.3},
                                       Belief{"sequence_us", 0.2},
                                       Belief{"launch_us", 0.7},
                                       Belief{"router_evenness", 0.15},
                                       Belief{"expert_factor", 0.3},
                                       Belief{"widening_factor", 0.5},
                                       Belief{"compute_factor", 0.15},
                                       Belief{"narrow_compute_factor", 0.15},
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
// witnesses. 0.2 foretells models that were left out 0.4 points worse in TPOT.
constexpr double kScale = 0.4;
constexpr double kTtftWeight = 0.8;  // by the same trial

ChipClass* served_class(Fits& fits) {
  for (ChipClass& each : fits.mutable_classes())
    if (!each.served.empty()) return &each;
  return nullptr;
}

// A profile of fewer runs is not fitted by them: see lend().
constexpr std::size_t kFewest = 20;

// Profiles that the runs are of.
std::vector<EngineProfile*> engines_of(const std::vector<Case>& runs, Fits& fits) {
  std::map<std::string, std::size_t> count;
  for (const Case& each : runs)
    if (const auto engine = fits.engine(each.row->backend, each.row->version))
      ++count[engine->name];
  std::vector<EngineProfile*> out;
  for (EngineProfile& each : fits.mutable_engines())
    if (count[each.name] >= kFewest) out.push_back(&each);
  return out;
}

const std::string& family(const EngineProfile& engine) {
  return engine.of.empty() ? engine.name : engine.of;
}

// What runs of one version of an engine moved says something of its versions without runs, but not
// all: they go half of the way (in logarithms). Also by trial: with systems left out in turn all of
// it foretells TTFT 2.3 points worse, none of it 2.6.
constexpr double kLent = 0.5;
void lend(const Fits& before, const std::vector<EngineProfile*>& fitted, Fits& fits) {
  for (EngineProfile& each : fits.mutable_engines()) {
    if (std::ranges::find(fitted, &each) != fitted.end()) continue;
    const auto kin = std::ranges::find_if(
        fitted, [&](const EngineProfile* other) { return family(*other) == family(each); });
    if (kin == fitted.end()) continue;
    const auto was = before.engine((*kin)->name);
    CHECK(was.ok());
    for (const roofline::EngineConstant& c : roofline::engine_constants()) {
      const double old = was->overheads.*c.member;
      if (old > 0)
        each.overheads.*c.member = std::clamp(
            each.overheads.*c.member * std::pow((*kin)->overheads.*c.member / old, kLent), c.least,
            c.most);
    }
  }
}

Constants constants_of(const std::vector<Case>& runs, Fits& fits) {
  ChipClass* kin = served_class(fits);
  CHECK(kin != nullptr);
  return {*kin, kCurveBeliefs, engines_of(runs, fits), kEngineBeliefs};
}

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
  Constants constants = constants_of(runs, fits);
  const auto begin_at = [&](const std::vector<double>& values) {
    constants.set(values);
    for (std::size_t i = 0; i < values.size(); ++i) constants.unknowns()[i].guess = values[i];
  };
  if (near != nullptr) {
    Fits copy = *near;
    begin_at(constants_of(runs, copy).values());
  }
  for (int round = 0; round < rounds; ++round) {
    const std::vector<Correction> corrected = corrections(runs, fits);
    const auto off = [&](const std::vector<double>& x) {
      constants.set(x);
      return residuals(runs, fits, corrected);
    };
    begin_at(least_squares(constants.unknowns(), off, kScale));
  }
  lend(before, engines_of(runs, fits), fits);
  return fits;
}

void transfer(const Fits& before, Fits& after) {
  Fits copy = before;
  const ChipClass* from = served_class(copy);
  const ChipClass* to = served_class(after);
  CHECK(from != nullptr && to != nullptr);
  const ChipCurves served = to->curves;
  for (ChipClass& each : after.mutable_classes()) {
    if (&each == to || each.given) continue;
    for (const roofline::CurveConstant& c : roofline::curve_constants()) {
      const double was = from->curves.*c.member;
      // Power was taken over as it is.
      if (was > 0 && !c.name.ends_with("_power"))
        each.curves.*c.member =
            std::clamp(each.curves.*c.member * (served.*c.member / was), c.least, c.most);
    }
  }
}

}  // namespace assay::calibrate
