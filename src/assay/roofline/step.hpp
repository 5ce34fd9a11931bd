// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/units/units.hpp"

// One iteration of an engine: what it is asked to do, and what that costs.
namespace assay::roofline {

// Of a whole replica: with attention copies (Parallel::data > 1), of all of them together. Numbers
// are expected values and need not be whole. All are 0 or more.
struct StepShape {
  double decode_sequences = 0;  // each yields one token
  double decode_context = 0;    // mean tokens of one of them, already in the cache
  double prefill_tokens = 0;    // prompt tokens of this iteration, of all sequences
  double prefill_context =
      0;  // mean tokens of one prefilled sequence in the cache before this chunk
  double prefill_sequences = 0;  // among which the prefill tokens are shared evenly
};

// What the time goes to. `capacity` limits how many sequences fit, so it bounds a service, not a
// step.
enum class Resource { dram, compute, link, overhead, capacity };
std::string_view to_string(Resource resource);

// Parts of a step's time by what bounds each operator: they sum to total().
struct StepTime {
  Seconds weights;     // operators bound by reading weights
  Seconds kv;          // attention bound by reading the cache, and its state
  Seconds compute;     // operators bound by arithmetic
  Seconds collective;  // all-reduce, all-to-all, sends between stages
  Seconds overhead;    // launches, the scheduler, sampling: what no bigger chip shortens

  [[nodiscard]] constexpr Seconds total() const {
    return weights + kv + compute + collective + overhead;
  }
  // The largest part. Weights and kv are both DRAM.
  [[nodiscard]] Resource bottleneck() const;
};

// Of all chips of the replica over one step.
struct StepEnergy {
  Joules moving_data;  // DRAM and links
  Joules arithmetic;
  Joules standing;  // idle power over the step's time: leakage, fans, the rest of the board

  [[nodiscard]] constexpr Joules total() const { return moving_data + arithmetic + standing; }
};

}  // namespace assay::roofline
