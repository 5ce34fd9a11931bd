// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/calibrate/table.hpp"
#include "assay/roofline/parallel.hpp"
#include "assay/units/dtype.hpp"

namespace assay::calibrate {

// One measured serving run: what was run, and what came out. A row that can't be understood says
// why instead.
struct ServingRow {
  std::string id;
  std::string model;   // as in Hugging Face, "Qwen/Qwen3-32B"
  std::string system;  // a chip's id or alias
  std::string backend;
  std::string version;    // of the backend; may be empty
  std::string precision;  // a word of model::with_precision; empty: the model's own
  double prompt = 0;      // longest, tokens
  double output = 0;
  double least = 1;  // lengths are uniform on [least x longest, longest]; 1: all alike
  int concurrency = 0;
  // The engine had one of these numbers of places, not as many as the concurrency that is stated
  // (misstated.hpp); empty: as stated.
  std::span<const int> places;
  std::optional<Dtype> cache;  // that the engine was told; nothing: what it takes by itself
  bool gathers = false;        // the engine held prompts back for more to come (harness.hpp)
  int polls_every = 1;         // iterations from one look of the engine for requests to the next
  bool capped = false;         // the engine was told to hold no more sequences than the concurrency
  roofline::Parallel parallel;
  std::optional<double> ttft_s;
  std::optional<double> tpot_s;
  std::optional<double> joules_per_token;  // of all chips, by output token
  std::vector<std::string_view> assumed;   // what its empty cells are taken for
  std::optional<std::string> refused;
};

// Rows of a table with the columns of AIConfigurator's silicon_sample.csv: model_path, system,
// backend, precision, isl, osl, tp_size, pp_size, attention_dp_size, moe_ep_size, concurrency,
// silicon_ttft_ms, silicon_tpot_ms, measured, mode, and besides kv_cache_dtype; any may be empty,
// and all but the first three, isl, osl and concurrency may be absent. Error: invalid_argument for
// a column that is needed and absent.
Result<std::vector<ServingRow>> serving_rows(const Table& table);

}  // namespace assay::calibrate
