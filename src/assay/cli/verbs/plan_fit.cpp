// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <fstream>
#include <memory>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/plan_check_view.hpp"
#include "assay/cli/plan_data.hpp"
#include "assay/cli/verb.hpp"
#include "assay/roofline/fits_text.hpp"

namespace assay::cli {
namespace {

struct Options {
  std::string data = ".";
  std::string own = "data/measured";
  std::string out = "data/fits";
  std::string model_folder;
};

constexpr std::string_view kOrigin =
    "`assay plan fit` from AIConfigurator's gemm.csv, collectives.csv and silicon_sample.csv "
    "(ai-dynamo/aiconfigurator at 095f58a, Apache-2.0) and our own data/measured";

Status write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return {};
  return Error{ErrorCode::io,
               fmt::format("{} can't be written; does the folder exist, and is there "
                           "room?",
                           path)};
}

int run(const Options& options) {
  const auto work = [&]() -> Status {
    TRY_ASSIGN(const catalog::Catalog chips, catalog::embedded());
    TRY_ASSIGN(PlanModels models, PlanModels::load(options.model_folder));
    TRY_ASSIGN(const MeasuredFolder folder, MeasuredFolder::load(options.data, options.own));
    TRY_ASSIGN(const roofline::Fits prior, roofline::Fits::prior());
    complain("assay: fitting, and again without each model and system; this takes some seconds");
    TRY_ASSIGN(const calibrate::Fitted fitted,
               calibrate::fit(folder.measured(), {&chips, models.source()}, prior));
    const std::string origin(kOrigin);
    TRY(write(options.out + "/curves.toml", roofline::curves_text(fitted.fits, origin)));
    TRY(write(options.out + "/engines.toml", roofline::engines_text(fitted.fits, prior, origin)));
    TRY(write(options.out + "/spreads.toml", roofline::spreads_text(fitted.fits, origin)));
    print(
        "leaving one model out in turn:\n{}\nleaving one system out in turn:\n{}\n"
        "curves.toml, engines.toml and spreads.toml are in {}\n",
        check_table(fitted.by_model), check_table(fitted.by_system), options.out);
    return {};
  };
  const Status done = work();
  return done ? static_cast<int>(kOk) : fail(done.error());
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--data", options->data,
                 "folder of gemm.csv, collectives.csv, serving_silicon.csv [.]")
      ->type_name("DIR");
  app.add_option("--own", options->own, "folder of our own runs [data/measured]")->type_name("DIR");
  app.add_option("-o,--out", options->out, "folder to write to [data/fits]")->type_name("DIR");
  app.add_option("--model-dir", options->model_folder,
                 "more models: DIR/<organization>/<name>/config.json")
      ->type_name("DIR");
  return [options] { return run(*options); };
}

const VerbRegistration kPlanFit{
    {.name = "fit",
     .order = 40,
     .help = "fit the planner's curves to measurements and write data/fits",
     .example = "assay plan fit --data calibration -o data/fits",
     .define = define,
     .parent = "plan"}};

}  // namespace
}  // namespace assay::cli
