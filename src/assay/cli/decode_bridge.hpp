// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/base/result.hpp"
#include "assay/cli/plan_inputs.hpp"
#include "assay/cli/style.hpp"

namespace assay::cli {

// A decode loop that runs on the devices looked at, as the user or its engine tells of it.
struct DecodeOptions {
  std::string model;  // empty: none told of
  double batch = 0;
  double context = 0;
  std::optional<double> tokens_per_second;  // of one replica; `run` has tokens and time instead
  std::string engine = "torch";             // whose overheads to expect
  std::string engine_url;  // or the engine itself, which tells batch, context and rate
  std::vector<int> engine_devices;
  std::string dtype;  // the model's own
  std::optional<int> tensor;
};

// `with_rate`: the verb can't know the rate by itself. Then --engine may be a URL too.
void add_decode_options(CLI::App& app, DecodeOptions& options, bool with_rate);

// --engine URL and what goes with it, for verbs that watch an engine and are told nothing else.
void add_engine_options(CLI::App& app, std::optional<std::string>& url, DecodeOptions& options);

// The planner's side of the bridge: the model, and what it knows of chips.
class DecodeBridge {
 public:
  // Nothing where no model was named. Errors: invalid_argument for a model, dtype or engine that is
  // not there, or figures that are missing and no engine's URL is there to tell them.
  static Result<std::optional<DecodeBridge>> load(const DecodeOptions& options,
                                                  const CommonOptions& common);

  // Gives each device its bridge, and its ladder the useful rung. Fails where the planner can't
  // reckon with a device's chip, or the figures are faster than light.
  Status apply(appraise::AppraisedSnapshot& snapshot, double tokens_per_second) const;
  // The same of these places alone, one copy of the model spread over `tensor` devices.
  Status apply_on(appraise::AppraisedSnapshot& snapshot, std::span<const std::size_t> places,
                  const plan::Decoding& decoding, int tensor) const;

 private:
  DecodeBridge(DecodeOptions options, model::Model model, PlanCatalog catalog,
               roofline::EngineProfile engine);
  Status apply_to(appraise::Appraisal& device, const plan::Decoding& decoding, int tensor) const;

  DecodeOptions options_;
  model::Model model_;
  PlanCatalog catalog_;
  roofline::EngineProfile engine_;
};

// Measured, expected and best step, and which term is to blame.
std::string bridge_view(const Style& style, const appraise::DecodeComparison& comparison);

}  // namespace assay::cli
