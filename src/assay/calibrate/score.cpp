// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/score.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace assay::calibrate {
namespace {

// One figure over many rows.
class Tally {
 public:
  void add(std::optional<double> measured, double predicted, const roofline::Spread& spread) {
    if (!measured || predicted <= 0) return;
    errors_.push_back(std::abs(predicted / *measured - 1));
    if (*measured >= predicted * spread.lo && *measured <= predicted * spread.hi) within_ += 1;
  }
  [[nodiscard]] std::optional<double> mean() const {
    if (errors_.empty()) return {};
    double sum = 0;
    for (const double each : errors_) sum += each;
    return sum / static_cast<double>(errors_.size());
  }
  [[nodiscard]] std::optional<double> median() const {
    if (errors_.empty()) return {};
    std::vector<double> sorted = errors_;
    std::ranges::sort(sorted);
    const std::size_t half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
  [[nodiscard]] std::optional<double> cover() const {
    if (errors_.empty()) return {};
    return within_ / static_cast<double>(errors_.size());
  }

 private:
  std::vector<double> errors_;
  double within_ = 0;
};

enum class Misstated { left_out, counted };

Score score_of(const std::vector<const Judged*>& rows, Misstated which = Misstated::counted) {
  Score score;
  Tally ttft;
  Tally tpot;
  Tally energy;
  for (const Judged* each : rows) {
    if (!each->row->places.empty() && which == Misstated::left_out) continue;
    ++score.rows;
    if (!each->prediction) continue;
    ++score.predicted;
    const Prediction& p = *each->prediction;
    ttft.add(each->row->ttft_s, p.ttft_s, p.ttft_interval());
    tpot.add(each->row->tpot_s, p.tpot_s, p.tpot_interval());
    energy.add(each->row->joules_per_token, p.joules_per_token, {});
  }
  score.ttft_mape = ttft.mean();
  score.tpot_mape = tpot.mean();
  score.ttft_median = ttft.median();
  score.tpot_median = tpot.median();
  score.ttft_cover90 = ttft.cover();
  score.tpot_cover90 = tpot.cover();
  score.energy_mape = energy.mean();
  return score;
}

}  // namespace

Report report_of(std::vector<Judged> judged) {
  Report report{.judged = std::move(judged)};
  std::vector<const Judged*> all;
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<const Judged*>> groups;
  for (const Judged& each : report.judged) {
    all.push_back(&each);
    groups[{each.row->model, each.row->system, each.row->backend}].push_back(&each);
  }
  report.overall = score_of(all);
  report.without_misstated = score_of(all, Misstated::left_out);
  for (const auto& [key, rows] : groups)
    report.groups.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), score_of(rows)});
  return report;
}

Judged judge(const ServingRow& row, const Result<Case>& what, const roofline::Fits& fits) {
  Judged out{.row = &row};
  const auto predicted =
      what ? predict(*what, fits, Method::simulate) : Result<Prediction>(what.error());
  if (!predicted) {
    out.refused = predicted.error().message;
    return out;
  }
  out.prediction = *predicted;
  return out;
}

Report judge(const std::vector<ServingRow>& rows, const catalog::Catalog& chips,
             const ModelSource& models, const roofline::Fits& fits) {
  std::vector<Judged> judged;
  for (const ServingRow& row : rows)
    judged.push_back(judge(row, resolve(row, chips, models), fits));
  return report_of(std::move(judged));
}

}  // namespace assay::calibrate
