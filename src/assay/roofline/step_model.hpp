// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/base/result.hpp"
#include "assay/model/model.hpp"
#include "assay/roofline/chip_roof.hpp"
#include "assay/roofline/engine_profile.hpp"
#include "assay/roofline/fits.hpp"
#include "assay/roofline/operators.hpp"
#include "assay/roofline/parallel.hpp"
#include "assay/roofline/placement.hpp"
#include "assay/roofline/step.hpp"

namespace assay::roofline {

// The model as this engine keeps it in memory: its cache and what its files pack beyond the
// checkpoint's own.
model::Model as_served(model::Model model, const EngineProfile& engine);

// What one iteration costs, for one model on one chip under one engine. make() does what does not
// depend on the batch; step() is a pure function of its argument and takes well under 1 us. A plain
// value: any thread may call it.
class StepModel {
 public:
  // Errors: invalid_argument for a parallelism that the model can't be cut into (says which),
  // not_supported where the chip lacks a link or a peak that it takes.
  // A model that does not fit in memory is no error here: see memory().
  static Result<StepModel> make(const model::Model& model, const ChipRoof& roof, Parallel parallel,
                                const EngineProfile& engine);

  [[nodiscard]] StepTime step(const StepShape& shape) const;
  [[nodiscard]] StepEnergy energy(const StepShape& shape, const StepTime& time) const;

  struct Memory {
    Bytes weights_per_chip;
    Bytes kv_per_token;      // of the replica, all chips together, of a long context
    Bytes room_for_kv;       // of the replica; 0 or less: the weights alone do not fit
    double kv_tokens = 0;    // that fit at once, in the replica; 0 where nothing fits
    Bytes missing_per_chip;  // by how much the weights do not fit; 0 where they do
    Dtype kv = Dtype::bf16;  // what the engine keeps the cache in
    Placement per_chip;      // what lies in which tier
    [[nodiscard]] bool fits() const { return kv_tokens >= 1; }
  };
  [[nodiscard]] const Memory& memory() const { return memory_; }
  // Bytes of cache on one chip, of so many sequences of this many tokens in the replica.
  [[nodiscard]] Bytes kv_bytes_per_chip(double sequences, double context) const;
  // Bytes of cache and state of one sequence of this many tokens (windows and linear layers count).
  [[nodiscard]] Bytes kv_bytes(double context) const;
  [[nodiscard]] const EngineProfile& engine() const { return engine_; }
  [[nodiscard]] const Parallel& parallel() const { return parallel_; }
  [[nodiscard]] Provenance provenance() const { return provenance_; }
  // By how much measured TTFT and TPOT spread around the predicted ones.
  [[nodiscard]] const Spreads& spreads() const { return spreads_; }

 private:
  struct Part {
    StepShape copy;           // what one stage of one copy of attention works on
    double stage_tokens = 0;  // of all copies together, in one stage
  };
  [[nodiscard]] Part mean_part(const StepShape& shape) const;
  [[nodiscard]] double cache_slowdown(const StepShape& part) const;
  [[nodiscard]] Part busiest_part(const StepShape& shape) const;
  template <typename Visit>
  void each_operator(const Part& of, Visit visit) const;
  void measure(const model::Model& model, const ChipRoof& roof);

  EngineProfile engine_;
  Parallel parallel_;
  Provenance provenance_ = Provenance::datasheet;
  Spreads spreads_;
  Memory memory_;
  Operators operators_;
  ChipCurves curves_;
  double kernels_s_ = 0;  // of a decode step: floors of all kernels
  double host_s_ = 0;
  double sequence_s_ = 0;
  double launches_s_ = 0;  // of all kernels of a step, from the host
  double prompt_s_ = 0;
  Watts tdp_;
};

}  // namespace assay::roofline
