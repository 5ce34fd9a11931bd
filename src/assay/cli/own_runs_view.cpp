// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/own_runs_view.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "assay/wire/json.hpp"

namespace assay::cli {
namespace {

using calibrate::OwnRun;

// Of one board, group and phase. Errors are signed shares.
struct Tally {
  int runs = 0;
  double sum = 0;  // of absolute errors
  double worst = 0;
  std::string worst_label;
  int metered = 0;
  double watts_sum = 0;

  void add(const OwnRun& run, const calibrate::OwnPrediction& predicted) {
    const double off = predicted.seconds / run.seconds - 1;
    ++runs;
    sum += std::abs(off);
    if (std::abs(off) >= std::abs(worst)) {
      worst = off;
      worst_label = run.label;
    }
    if (!run.watts) return;
    ++metered;
    watts_sum += std::abs(predicted.watts / *run.watts - 1);
  }
};

using Tallies = std::map<std::string, Tally>;

Result<Tallies> tallies(std::span<const OwnRun> runs, const roofline::Fits& fits) {
  Tallies out;
  for (const OwnRun& run : runs) {
    TRY_ASSIGN(const calibrate::OwnPrediction predicted, calibrate::predict(run, fits));
    const char* phase = run.shape.decode_sequences > 0 ? "decode" : "prefill";
    out[fmt::format("{} {} {}", run.chip->id, run.group, phase)].add(run, predicted);
  }
  return out;
}

}  // namespace

Result<std::string> own_runs_table(std::span<const OwnRun> runs, const roofline::Fits& fits) {
  TRY_ASSIGN(const Tallies all, tallies(runs, fits));
  std::string out = fmt::format("| {:<40} | {:>4} | {:>6} | {:>7} | {:<20} | {:>6} |\n",
                                "board, group, phase", "runs", "mean", "worst", "at", "watts");
  out += "|---|--:|--:|--:|---|--:|\n";
  for (const auto& [name, tally] : all)
    out += fmt::format(
        "| {:<40} | {:>4} | {:>4.1f} % | {:>+5.0f} % | {:<20} | {:>6} |\n", name, tally.runs,
        100 * tally.sum / tally.runs, 100 * tally.worst, tally.worst_label,
        tally.metered > 0 ? fmt::format("{:.0f} %", 100 * tally.watts_sum / tally.metered) : "-");
  return out;
}

Result<std::string> own_runs_json(std::span<const OwnRun> runs, const roofline::Fits& fits) {
  TRY_ASSIGN(const Tallies all, tallies(runs, fits));
  wire::Json groups = wire::Json::array();
  for (const auto& [name, tally] : all) {
    const auto watts = tally.metered > 0 ? std::optional(tally.watts_sum / tally.metered)
                                         : std::optional<double>();
    groups.push_back({{"group", name},
                      {"runs", tally.runs},
                      {"mape", tally.sum / tally.runs},
                      {"worst", tally.worst},
                      {"worst_at", tally.worst_label},
                      {"watts_mape", wire::number(watts)}});
  }
  return wire::line_of({{"groups", std::move(groups)}}) + "\n";
}

}  // namespace assay::cli
