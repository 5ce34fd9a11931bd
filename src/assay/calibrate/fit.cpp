// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/fit.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "assay/calibrate/kernel_fit.hpp"
#include "assay/calibrate/own_runs.hpp"
#include "assay/calibrate/power_fit.hpp"
#include "assay/calibrate/serving_fit.hpp"

namespace assay::calibrate {
namespace {

using roofline::Fits;
using roofline::Provenance;
using roofline::Spread;
using roofline::Spreads;

constexpr int kRounds = 3;

// Single kernels alone: what all classes can be held to alike.
Result<Fits> kernel_fits(const Measured& measured, const Known& known, const Fits& prior) {
  Fits fits = prior;
  TRY(fit_products(*measured.products, *known.chips, fits));
  TRY(fit_links(*measured.collectives, *known.chips, fits));
  return fits;
}

Result<Fits> board_fits(const Measured& measured, const Known& known, const Fits& kernels) {
  Fits fits = kernels;
  TRY_ASSIGN(const std::vector<OwnRun> own, own_runs(measured.own, *known.chips, known.models));
  TRY(fit_own_runs(own, fits));
  TRY(fit_power(measured.own, *known.chips, fits));
  return fits;
}

// Rows that name chips, models and engines that are known, of which a run was measured.
std::vector<Case> cases_of(const Measured& measured, const Known& known, const Fits& fits) {
  std::vector<Case> out;
  for (const ServingRow& row : *measured.serving) {
    auto what = resolve(row, *known.chips, known.models);
    if (what && predict(*what, fits, Method::closed_form)) out.push_back(std::move(*what));
  }
  return out;
}

// A run of which it is known how it was made.
bool sound(const Case& what) { return what.row->places.empty(); }

const std::string& key(const ServingRow& row, LeftOut by) {
  return by == LeftOut::model ? row.model : row.system;
}

// The 5th and 95th percentile of measured over predicted.
Spread spread_of(std::vector<double> ratios) {
  if (ratios.size() < 20) return {};
  std::ranges::sort(ratios);
  const auto at = [&](double q) {
    return ratios[static_cast<std::size_t>(q * static_cast<double>(ratios.size() - 1))];
  };
  return {std::min(1.0, at(0.05)), std::max(1.0, at(0.95))};
}

Spread widened(const Spread& spread, double power) {
  return {std::pow(spread.lo, power), std::pow(spread.hi, power)};
}

// Measured over predicted.
struct Ratios {
  std::vector<double> ttft;
  std::vector<double> tpot;

  void add(const Judged& each) {
    if (!each.prediction || !each.row->places.empty()) return;
    const Prediction& p = *each.prediction;
    if (each.row->ttft_s && p.ttft_s > 0) ttft.push_back(*each.row->ttft_s / p.ttft_s);
    if (each.row->tpot_s && p.tpot_s > 0) tpot.push_back(*each.row->tpot_s / p.tpot_s);
  }
};

void spreads(const std::vector<const Report*>& reports, Fits& fits) {
  Ratios ratios;
  for (const Report* report : reports)
    for (const Judged& each : report->judged) ratios.add(each);
  // A chip whose kernels alone are known, and one of which nothing is: wider by judgement, there
  // being no runs of such chips here to say by how much.
  constexpr double kTransferred = 1.3;
  constexpr double kDatasheet = 1.8;
  const Spreads own{spread_of(std::move(ratios.ttft)), spread_of(std::move(ratios.tpot))};
  fits.mutable_spreads(Provenance::calibrated) = own;
  fits.mutable_spreads(Provenance::transferred) = {widened(own.ttft, kTransferred),
                                                   widened(own.tpot, kTransferred)};
  fits.mutable_spreads(Provenance::datasheet) = {widened(own.ttft, kDatasheet),
                                                 widened(own.tpot, kDatasheet)};
}

}  // namespace

void spread_by_others(std::vector<Judged>& judged, LeftOut by) {
  std::set<std::string> keys;
  for (const Judged& each : judged) keys.insert(key(*each.row, by));
  for (const std::string& out : keys) {
    Ratios others;
    for (const Judged& each : judged)
      if (key(*each.row, by) != out) others.add(each);
    const Spreads found{spread_of(std::move(others.ttft)), spread_of(std::move(others.tpot))};
    for (Judged& each : judged)
      if (each.prediction && key(*each.row, by) == out) each.prediction->spreads = found;
  }
}

Result<Report> leave_one_out(const Measured& measured, const Known& known, const Fits& prior,
                             const Fits& full, LeftOut by) {
  TRY_ASSIGN(const Fits single, kernel_fits(measured, known, prior));
  TRY_ASSIGN(const Fits kernels, board_fits(measured, known, single));
  const std::vector<Case> all = cases_of(measured, known, kernels);
  std::set<std::string> keys;
  for (const Case& each : all) keys.insert(key(*each.row, by));
  std::vector<Judged> judged;
  for (const std::string& out : keys) {
    std::vector<Case> others;
    for (const Case& each : all)
      if (key(*each.row, by) != out && sound(each)) others.push_back(each);
    const Fits fits = fit_serving(others, kernels, &full, 1);
    for (const Case& each : all) {
      if (key(*each.row, by) != out) continue;
      judged.push_back(judge(*each.row, each, fits));
    }
  }
  spread_by_others(judged, by);
  return report_of(std::move(judged));
}

Result<Fitted> fit(const Measured& measured, const Known& known, const Fits& prior) {
  TRY_ASSIGN(const Fits single, kernel_fits(measured, known, prior));
  TRY_ASSIGN(const Fits kernels, board_fits(measured, known, single));
  std::vector<Case> runs = cases_of(measured, known, kernels);
  std::erase_if(runs, [](const Case& each) { return !sound(each); });
  Fits fits = fit_serving(runs, kernels, nullptr, kRounds);
  TRY_ASSIGN(Report by_model, leave_one_out(measured, known, prior, fits, LeftOut::model));
  TRY_ASSIGN(Report by_system, leave_one_out(measured, known, prior, fits, LeftOut::system));
  transfer(single, fits);
  spreads({&by_model, &by_system}, fits);
  return Fitted{std::move(fits), std::move(by_model), std::move(by_system)};
}

}  // namespace assay::calibrate
