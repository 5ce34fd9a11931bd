// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/cli/chip_comparison.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

struct Options {
  CompareRequest request;
  bool claims = false;
};

Status show(const Options& options) {
  const CommonOptions& common = options.request.common;
  TRY_ASSIGN(const CompareData data, CompareData::load(common));
  if (options.claims) {
    const auto all = data.all_claims();
    print("{}", common.json ? claims_page_json(all) : claims_page(common.style(), all));
    return {};
  }
  TRY_ASSIGN(const ChipComparison comparison, compare_chips(options.request, data));
  print("{}", common.json ? compare_json(comparison) : compare_text(common.style(), comparison));
  return {};
}

int run(const Options& options) {
  if (options.request.chips.empty() && !options.claims) {
    return fail({ErrorCode::invalid_argument,
                 "compare needs the names of chips, or --claims; `assay catalog list` names them"});
  }
  const Status shown = show(options);
  return shown ? kOk : fail(shown.error());
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("CHIP", options->request.chips, "ids or aliases; ratios are to the first");
  app.add_option("--model", options->request.model,
                 "what they make of it: a name, or a config.json")
      ->type_name("MODEL");
  app.add_flag("--claims", options->claims, "every claim in the data, with verdict and evidence");
  add_common_options(app, options->request.common);
  return [options] { return run(*options); };
}

const VerbRegistration kCompare{{.name = "compare",
                                 .order = 62,
                                 .help = "chips side by side: figures, meaning, claims",
                                 .example = "assay compare b200 b300 mi355x",
                                 .define = define}};

}  // namespace
}  // namespace assay::cli
