// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/chip_comparison.hpp"

#include <array>
#include <span>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/named_chip.hpp"
#include "assay/cli/plan_inputs.hpp"
#include "assay/cli/planned.hpp"
#include "assay/cli/user_claims.hpp"
#include "assay/model/library.hpp"

namespace assay::cli {
namespace {

// From small to large: what people ask whether it fits.
constexpr std::array<std::string_view, 6> kWellKnown{"llama-3.1-8b",  "gpt-oss-120b",
                                                     "llama-3.1-70b", "qwen3-235b-a22b",
                                                     "deepseek-r1",   "llama-3.1-405b"};

ModelRow row_of(const model::Model& model, std::string name,
                std::span<const catalog::Chip* const> chips) {
  ModelRow row{std::move(name), {}};
  for (const catalog::Chip* chip : chips) row.on.push_back(model_on_chip(model, *chip));
  return row;
}

// The bounds, and beside them what the planner expects.
Status add_the_model(const CompareRequest& options, ChipComparison& out) {
  TRY_ASSIGN(const model::Model model, named_model(options.model));
  TRY_ASSIGN(const PlanCatalog planner, PlanCatalog::load(options.common));
  ModelRow row = row_of(model, options.model, out.chips);
  for (std::size_t i = 0; i < out.chips.size(); ++i) {
    auto planned = planned_on(planner, model, out.chips[i]->id, ComparedLoad{});
    if (planned) {
      row.on[i].planned = *std::move(planned);
    } else {
      row.on[i].why_not_planned = planned.error().message;
    }
  }
  out.models.push_back(std::move(row));
  out.one_model = true;
  return {};
}

Status add_models(const CompareRequest& options, ChipComparison& out) {
  if (!options.model.empty()) return add_the_model(options, out);
  TRY_ASSIGN(const model::Library library, model::embedded_library());
  for (const std::string_view name : kWellKnown) {
    TRY_ASSIGN(const model::Model model, library.find(name));
    out.models.push_back(row_of(model, std::string(name), out.chips));
  }
  return {};
}

}  // namespace

Result<CompareData> CompareData::load(const CommonOptions& options) {
  CompareData data;
  TRY_ASSIGN(catalog::Catalog embedded, catalog::embedded());
  TRY_ASSIGN(data.catalog, with_user_chips(std::move(embedded), options));
  TRY_ASSIGN(catalog::Claims claims, catalog::embedded_claims());
  TRY_ASSIGN(data.claims, with_user_claims(std::move(claims), options));
  return data;
}

std::vector<const catalog::Claim*> CompareData::all_claims() const {
  std::vector<const catalog::Claim*> all;
  for (const catalog::Claim& claim : claims.all()) all.push_back(&claim);
  return all;
}

Result<ChipComparison> compare_chips(const CompareRequest& request, const CompareData& data) {
  ChipComparison comparison;
  for (const std::string& name : request.chips) {
    TRY_ASSIGN(const catalog::Chip* chip, named_chip(data.catalog, name));
    comparison.chips.push_back(chip);
  }
  comparison.rows = catalog::compare(comparison.chips);
  comparison.claims = data.claims.about(data.catalog, comparison.chips);
  TRY(add_models(request, comparison));
  return comparison;
}

}  // namespace assay::cli
