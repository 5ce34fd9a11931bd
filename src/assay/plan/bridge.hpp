// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/model/model.hpp"
#include "assay/roofline/chip_roof.hpp"
#include "assay/roofline/engine_profile.hpp"
#include "assay/roofline/parallel.hpp"
#include "assay/units/units.hpp"

// The bridge between the meter and the planner: what a decode loop was measured to do, beside what
// the same roofline says that it could.
namespace assay::plan {

// What the user, or the engine's own report, says of the loop. Of one replica.
struct Decoding {
  double tokens_per_second = 0;
  double batch = 0;    // sequences that decode at once
  double context = 0;  // mean tokens of one of them in the cache
};

// Shares that the device's counters gave over the same window, 0..1; absent = unknown.
struct SeenShares {
  std::optional<double> busy;  // a kernel resident
  std::optional<double> dram;  // of the memory's datasheet bandwidth
};

// Where a step's time goes, measured and expected. Parts of `measured` sum to the step where they
// are known, parts of `expected` always.
struct BridgeTerm {
  std::string_view name;  // "memory", "waiting", "kernels"
  std::optional<Seconds> measured;
  Seconds expected;
};

struct Bridge {
  Ratio useful;      // speed of light over measured: the ladder's rung. Over 1: see contradicts()
  Seconds measured;  // of one step
  Seconds expected;  // by the fit, for this chip, engine and batch
  Seconds best;      // by datasheet peaks and nothing else: the speed of light
  std::array<BridgeTerm, 3> terms;
  // The term with most measured over expected; nothing where a counter is missing or none is over
  // by a twentieth of the step.
  std::optional<BridgeTerm> blame;
  roofline::Provenance provenance = roofline::Provenance::datasheet;

  // Faster than light: the model, the batch or the rate must be another.
  [[nodiscard]] bool contradicts() const { return useful.value() > 1; }
};

// Errors: invalid_argument for figures that are not above zero (context: zero or more), and those
// of StepModel::make.
Result<Bridge> bridge(const model::Model& model, const roofline::ChipRoof& roof,
                      roofline::Parallel parallel, const roofline::EngineProfile& engine,
                      const Decoding& decoding, const SeenShares& seen);

}  // namespace assay::plan
