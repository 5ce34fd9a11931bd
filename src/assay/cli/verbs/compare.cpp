// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <array>
#include <memory>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/compare_view.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/named_chip.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/plan_inputs.hpp"
#include "assay/cli/planned.hpp"
#include "assay/cli/user_claims.hpp"
#include "assay/cli/verb.hpp"
#include "assay/model/library.hpp"

namespace assay::cli {
namespace {

struct Options {
  CommonOptions common;
  std::vector<std::string> chips;
  std::string model;
  bool claims = false;
};

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
Status add_the_model(const Options& options, ChipComparison& out) {
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

Status add_models(const Options& options, ChipComparison& out) {
  if (!options.model.empty()) return add_the_model(options, out);
  TRY_ASSIGN(const model::Library library, model::embedded_library());
  for (const std::string_view name : kWellKnown) {
    TRY_ASSIGN(const model::Model model, library.find(name));
    out.models.push_back(row_of(model, std::string(name), out.chips));
  }
  return {};
}

Status compare_chips(const Options& options, const catalog::Catalog& catalog,
                     const catalog::Claims& claims) {
  ChipComparison comparison;
  for (const std::string& name : options.chips) {
    TRY_ASSIGN(const catalog::Chip* chip, named_chip(catalog, name));
    comparison.chips.push_back(chip);
  }
  comparison.rows = catalog::compare(comparison.chips);
  comparison.claims = claims.about(catalog, comparison.chips);
  TRY(add_models(options, comparison));
  print("{}", options.common.json ? compare_json(comparison)
                                  : compare_text(options.common.style(), comparison));
  return {};
}

Status show(const Options& options) {
  TRY_ASSIGN(catalog::Catalog catalog, catalog::embedded());
  TRY_ASSIGN(catalog, with_user_chips(std::move(catalog), options.common));
  TRY_ASSIGN(catalog::Claims claims, catalog::embedded_claims());
  TRY_ASSIGN(claims, with_user_claims(std::move(claims), options.common));
  if (!options.claims) return compare_chips(options, catalog, claims);
  std::vector<const catalog::Claim*> all;
  for (const catalog::Claim& claim : claims.all()) all.push_back(&claim);
  print("{}",
        options.common.json ? claims_page_json(all) : claims_page(options.common.style(), all));
  return {};
}

int run(const Options& options) {
  if (options.chips.empty() && !options.claims) {
    return fail({ErrorCode::invalid_argument,
                 "compare needs the names of chips, or --claims; `assay catalog list` names them"});
  }
  const Status shown = show(options);
  return shown ? kOk : fail(shown.error());
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("CHIP", options->chips, "ids or aliases; ratios are to the first");
  app.add_option("--model", options->model, "what they make of it: a name, or a config.json")
      ->type_name("MODEL");
  app.add_flag("--claims", options->claims, "every claim in the data, with verdict and evidence");
  add_common_options(app, options->common);
  return [options] { return run(*options); };
}

const VerbRegistration kCompare{{.name = "compare",
                                 .order = 62,
                                 .help = "chips side by side: figures, meaning, claims",
                                 .example = "assay compare b200 b300 mi355x",
                                 .define = define}};

}  // namespace
}  // namespace assay::cli
