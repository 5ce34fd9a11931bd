// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/catalog/user_config.hpp"
#include "assay/cli/options.hpp"
#include "assay/model/model.hpp"
#include "assay/plan/search.hpp"
#include "assay/roofline/fits.hpp"

namespace assay::cli {

// Flags that `assay plan` and `assay plan point` share.
struct PlanOptions {
  CommonOptions common;
  std::string model;
  std::string engine = "vllm";
  std::string lengths = "fixed";  // fixed, uniform:LOW, lognormal:SIGMA
  std::optional<double> in;       // tokens
  std::optional<double> out;
};
void add_plan_options(CLI::App& app, PlanOptions& options);

// A model by library name, alias, or the path of a config.json or of the folder that it lies in.
Result<model::Model> named_model(const std::string& name);

// Error where the number given to `flag` is 0, negative or none, in the same words for each flag.
Status check_positive(std::string_view flag, double value);

// Prompts and answers of these mean (uniform: longest) lengths.
Result<plan::Workload> workload(const PlanOptions& options);

// One sentence where requests are longer than the model was made for; else empty.
std::string context_warning(const model::Model& model, const plan::Workload& workload);

// What reading a config.json left out or took for granted, in one line; empty for models of the
// library.
std::string reading_notes(const model::Model& model);

// "10kW", "700 W", "1.5MW". A bare number is refused.
Result<Watts> parse_power(std::string_view text);
// "fp8" and so on, as model::with_precision takes it.
Result<plan::Variant> variant(const model::Model& model, const std::string& precision);
// That the model stays as it is published, where what was asked for is wider; one sentence or
// empty.
std::string narrower_note(const plan::Variant& variant, const std::string& asked);
// What engines run a precision in on this chip: fp16 for bf16 where it multiplies no bf16 (Volta).
std::string precision_on(const roofline::ChipRoof& roof, const std::string& precision);

// A chip as the planner reckons with it, and where its price is from.
struct PlannedChip {
  std::string id;
  std::string name;
  roofline::ChipRoof roof;
  std::string price_source;  // empty: no price
  std::string price_date;    // of the catalog's; empty for the user's own
};

struct PlanChips {
  std::vector<PlannedChip> chips;
  std::vector<Error> left_out;  // the planner can't reckon with these, and why
};

// The catalog with the user's chips on top, and the prices of the user's config.
class PlanCatalog {
 public:
  static Result<PlanCatalog> load(const CommonOptions& options);

  // One chip by id or alias; fails where the planner can't reckon with it.
  [[nodiscard]] Result<PlannedChip> chip(const std::string& name) const;
  // All chips of these names; every chip where there are none.
  [[nodiscard]] Result<PlanChips> chips(const std::vector<std::string>& names) const;
  // invalid_argument, with the names there are, where there is none.
  [[nodiscard]] Result<roofline::EngineProfile> engine(const std::string& name) const;

 private:
  [[nodiscard]] Result<PlannedChip> planned(const catalog::Chip& chip) const;

  catalog::Catalog catalog_;
  catalog::UserConfig config_;
  roofline::Fits fits_;
  std::optional<DollarsPerHour> price_flag_;
};

}  // namespace assay::cli
