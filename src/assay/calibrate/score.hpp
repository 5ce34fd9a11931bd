// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/calibrate/prediction.hpp"

// How far predictions are off.
namespace assay::calibrate {

// Shares of 1; nothing where no row has the figure.
struct Score {
  std::size_t rows = 0;  // asked for
  std::size_t predicted = 0;
  std::optional<double> tpot_mape;  // mean of |predicted / measured - 1|
  std::optional<double> ttft_mape;
  std::optional<double> tpot_median;  // median of the same
  std::optional<double> ttft_median;
  std::optional<double> tpot_cover90;  // rows within the interval
  std::optional<double> ttft_cover90;
  std::optional<double> energy_mape;
};

struct Judged {
  const ServingRow* row = nullptr;
  std::optional<Prediction> prediction;
  std::string refused;  // why there is none
};

struct Group {
  std::string model;
  std::string system;
  std::string backend;
  Score score;
};

struct Report {
  Score overall;               // of all rows
  Score without_misstated;     // the same without those of unknown places (ServingRow::places)
  std::vector<Group> groups;   // sorted by model, system, backend
  std::vector<Judged> judged;  // in the order of the rows
};

// One row, by simulation.
Judged judge(const ServingRow& row, const Result<Case>& what, const roofline::Fits& fits);
// Predicts each row by simulation. Rows must outlive the report.
Report judge(const std::vector<ServingRow>& rows, const catalog::Catalog& chips,
             const ModelSource& models, const roofline::Fits& fits);
// The same from predictions made elsewhere.
Report report_of(std::vector<Judged> judged);

}  // namespace assay::calibrate
