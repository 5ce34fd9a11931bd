// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/calibrate/serving_row.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/model/model.hpp"
#include "assay/plan/serving.hpp"
#include "assay/plan/workload.hpp"
#include "assay/roofline/fits.hpp"
#include "assay/roofline/step_model.hpp"

namespace assay::calibrate {

// A model by the name that a row gives it.
using ModelSource = std::function<Result<model::Model>(std::string_view)>;

// A row with what its names stand for, fits aside.
struct Case {
  const ServingRow* row = nullptr;
  model::Model model;
  const catalog::Chip* chip = nullptr;
};
// Error: what the row itself refuses, not_found for a system or model that is not known.
Result<Case> resolve(const ServingRow& row, const catalog::Catalog& chips,
                     const ModelSource& models);

struct Prediction {
  double ttft_s = 0;
  double tpot_s = 0;
  double joules_per_token = 0;  // of output, all chips
  roofline::Provenance provenance = roofline::Provenance::datasheet;
  roofline::Spreads spreads;
  // From the least to the most that the figures would be, over what is predicted, where a row does
  // not say how it was run (ServingRow::places).
  roofline::Spreads unstated;

  // The intervals of 90 %, over what is predicted: both of the above.
  [[nodiscard]] roofline::Spread ttft_interval() const {
    return {spreads.ttft.lo * unstated.ttft.lo, spreads.ttft.hi * unstated.ttft.hi};
  }
  [[nodiscard]] roofline::Spread tpot_interval() const {
    return {spreads.tpot.lo * unstated.tpot.lo, spreads.tpot.hi * unstated.tpot.hi};
  }
};

enum class Method {
  simulate,     // request by request: a closed loop of 10 x concurrency requests, as benchmarks do
  closed_form,  // its steady state
};

// Error: not_found for an engine that is not known; what StepModel::make and plan::serve refuse;
// invalid_argument for a model or a request that does not fit in memory.
Result<Prediction> predict(const Case& what, const roofline::Fits& fits, Method method);

}  // namespace assay::calibrate
