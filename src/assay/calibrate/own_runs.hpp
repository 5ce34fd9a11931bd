// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/calibrate/prediction.hpp"
#include "assay/calibrate/table.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/roofline/fits.hpp"

// Whole steps of whole models (or of slices of them), measured on one device without a server:
// data/measured/*.csv, by bench/gpu/llm_shapes.py.
namespace assay::calibrate {

struct OwnRun {
  std::string group;  // "llama", "llama_fp8", "qwen_moe", "mixtral", "llama_70b_slice"
  std::string label;  // "decode 64 x 1024", "prefill 2048"
  const catalog::Chip* chip = nullptr;
  model::Model model;
  roofline::Parallel parallel;  // a slice is one rank of several, without their collectives
  roofline::StepShape shape;
  double seconds = 0;
  std::optional<double> watts;
};

// Of several kernels for one shape the fastest. Groups of single operators are passed over, and
// prompts of fewer than 256 tokens: no engine computes so few alone. Error: invalid_argument for a
// column that is absent, what the models refuse.
Result<std::vector<OwnRun>> own_runs(std::span<const Table> tables, const catalog::Catalog& chips,
                                     const ModelSource& models);

// Seconds and watts by the curves and the profile "torch".
struct OwnPrediction {
  double seconds = 0;
  double watts = 0;
};
Result<OwnPrediction> predict(const OwnRun& run, const roofline::Fits& fits);

// Moves the constants of the runs' class and of "torch" to what these runs say, in place; where
// there are none nothing changes. Constants that single kernels were fitted for are held near them.
Status fit_own_runs(std::span<const OwnRun> runs, roofline::Fits& fits);

// The value of `key` in "key=value;..."; nothing where there is none.
std::optional<std::string_view> parameter(std::string_view params, std::string_view key);
std::optional<double> number_parameter(std::string_view params, std::string_view key);

}  // namespace assay::calibrate
