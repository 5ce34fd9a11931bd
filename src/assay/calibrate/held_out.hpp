// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/calibrate/prediction.hpp"
#include "assay/calibrate/table.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/roofline/fits.hpp"

// Public tables that no fit has seen, beside what the planner says of them.
namespace assay::calibrate {

// One measured figure and the predicted one, in the same unit.
struct Pair {
  std::string chip;   // id in the catalog
  std::string group;  // "matrix products, up to 64 rows"
  double measured = 0;
  double predicted = 0;
};

// Seconds of the four matrix products of a layer of bf16, as Vidur profiled them on one board, by
// rows. Its pointwise kernels are left out: engines fuse them, and the planner has them so.
// Columns: num_tokens, num_tensor_parallel_workers, n_head, n_kv_head, n_embd, n_expanded_embd
// (gated: twice), time_stats.<operator>.median (ms). Error: invalid_argument for a column that is
// absent, not_supported for a chip that the planner can't reckon with.
Result<std::vector<Pair>> vidur_pairs(const Table& table, const catalog::Chip& chip,
                                      const roofline::Fits& fits);

// Splitwise's performance model: a batch's prompts, then its tokens, in vLLM of 2023 without
// captured graphs. Columns: model, hardware, prompt_size, batch_size, token_size, peak_power,
// average_power (shares of TDP; 0: not metered), prompt_time, token_time (ms), tensor_parallel.
// Passed over: capped boards (their prompts take 1.3 times the others', to the digit: computed, not
// measured), batches whose cache has no room (they did not run together), and models and boards
// that are not known here. A repeat counts as a row.
struct SplitwisePairs {
  std::vector<Pair> seconds;
  std::vector<Pair> watts;  // a board, over the phase's MEASURED time: energy alone is judged
};
Result<SplitwisePairs> splitwise_pairs(const Table& table, const catalog::Catalog& chips,
                                       const ModelSource& models, const roofline::Fits& fits);

// gemm.csv's watts: matrix products in loops. Power is reckoned from the measured time. Groups tell
// loops of kernels of 0.2 ms and more from shorter ones, where the meter sees launches' gaps.
Result<std::vector<Pair>> product_watts(const Table& table, const catalog::Catalog& chips,
                                        const roofline::Fits& fits);

// Of one chip and group: errors are predicted / measured - 1.
struct PairScore {
  std::string chip;
  std::string group;
  std::size_t rows = 0;
  double mape = 0;    // mean of the absolute errors
  double median = 0;  // of the absolute errors
  double bias = 0;    // median of the signed errors
};
// By chip, then group.
std::vector<PairScore> scores(const std::vector<Pair>& pairs);

}  // namespace assay::calibrate
