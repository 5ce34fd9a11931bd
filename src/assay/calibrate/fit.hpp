// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "assay/calibrate/score.hpp"
#include "assay/calibrate/table.hpp"

namespace assay::calibrate {

// Everything that was measured. What is there must outlive the call.
struct Measured {
  const Table* products = nullptr;     // gemm.csv
  const Table* collectives = nullptr;  // collectives.csv
  const std::vector<ServingRow>* serving = nullptr;
  std::span<const Table> own = {};  // data/measured/*.csv, for power
};

struct Known {
  const catalog::Catalog* chips = nullptr;
  ModelSource models;
};

// By what rows are left out of a fit that then predicts them.
enum class LeftOut { model, system };

// Gives each prediction the interval that the residuals of all other groups make: what a group says
// of itself would cover itself by construction. Groups by model or system; where the others are
// fewer than 20 rows the interval is empty.
void spread_by_others(std::vector<Judged>& judged, LeftOut by);

// Runs of one model (or system) predicted by a fit to all the others, intervals by
// spread_by_others().
Result<Report> leave_one_out(const Measured& measured, const Known& known,
                             const roofline::Fits& prior, const roofline::Fits& full, LeftOut by);

// Fits to all: kernels first, then serving runs, then the other classes and the intervals, which
// come from the runs left out in turn.
struct Fitted {
  roofline::Fits fits;
  Report by_model;   // models left out in turn
  Report by_system;  // systems left out in turn
};
Result<Fitted> fit(const Measured& measured, const Known& known, const roofline::Fits& prior);

}  // namespace assay::calibrate
